/** The processor that programs in the arm64 Debian see: the one of qemu's that is nearest to an Orin's Cortex-A78AE. */
import { availableParallelism } from "node:os";

/** Armv8.2 with half precision and dot products, without SVE and BF16, as the A78AE is. For QEMU_CPU. */
export const PROCESSOR = "cortex-a76";

const FEATURES = "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp";

/**
 * What Linux writes about a Cortex-A76 into /proc/cpuinfo. qemu 7.2 leaves the host's there, and the library by which
 * ONNX Runtime reads it crashes on an arm64 whose /proc/cpuinfo speaks of an x86.
 */
export function cpuInfo(processors = availableParallelism()) {
  const describe = (_, index) => `processor\t: ${index}
BogoMIPS\t: 62.50
Features\t: ${FEATURES}
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x4
CPU part\t: 0xd0b
CPU revision\t: 1
`;
  return `${Array.from({ length: processors }, describe).join("\n")}\n`;
}
