"""roofline: the least time that HSTA can take on a Jetson, by arithmetic and by memory.

A clip costs at least its multiply-adds at the GPU's peak, and at least its weights and pictures
once through the memory; the slower of the two bounds it. Rates are from NVIDIA's data sheets of the
modules: units and highest clock, checked against the TOPS that they name.
"""

from dataclasses import dataclass
from pathlib import Path

from flinch_train.data.labels import LABELS
from flinch_train.model.hsta import (
    VARIANTS,
    Config,
    Hsta,
    Variant,
    config,
    multiply_adds,
    parameters,
)
from flinch_train.settings import read

BEGIN, END = "<!-- roofline: begin -->", "<!-- roofline: end -->"
BYTES = {"fp32": 4, "fp16": 2, "int8": 1}
# Multiply-adds a clock: of a CUDA core in fp32; of an Ampere tensor core in fp16 and int8, dense.
CUDA_CORE, TENSOR_CORE = 1, {"fp16": 256, "int8": 512}


@dataclass(frozen=True)
class Module:
    """A Jetson module at its highest clock."""

    cuda_cores: int
    tensor_cores: int
    mhz: int
    gbs: float  # memory bandwidth
    sparse_tops: float  # int8 of the GPU alone, sparse, as NVIDIA states it

    def tera(self, precision: str) -> float:
        """Peak in 10¹² operations a second, a multiply-add being two; dense."""
        if precision == "fp32":
            units = self.cuda_cores * CUDA_CORE
        else:
            units = self.tensor_cores * TENSOR_CORE[precision]
        return 2 * units * self.mhz / 1e6


# NVIDIA's data sheets of Orin Nano, Orin NX and AGX Orin; "Super": the clocks of JetPack 6.2's
# super modes. Thor is left out: of its GPU only sparse FP4 is stated.
MODULES = {
    "Orin Nano 8 GB": Module(1024, 32, 625, 68, 40),
    "Orin Nano 8 GB, Super": Module(1024, 32, 1020, 102, 67),
    "Orin NX 16 GB": Module(1024, 32, 918, 102, 60),
    "Orin NX 16 GB, Super": Module(1024, 32, 1173, 102, 77),
    "AGX Orin 64 GB": Module(2048, 64, 1300, 205, 170),
}


def shipped(variant: Variant, size: int) -> Config:
    """A variant as Flinch ships or could ship it: flows, all heads."""
    return config(variant, size, len(LABELS), "flows", heads=True)


def costs() -> dict[str, Config]:
    """Every variant that is worth a row."""
    rows = {f"{variant}, 112 px": shipped(variant, 112) for variant in VARIANTS}
    # as published: both streams from frames, five classes, no heads beside
    return rows | {f"{variant}, 224 px (the paper's size)": config(variant) for variant in VARIANTS}


def picture_bytes(cfg: Config) -> int:
    """Bytes of one clip as it comes in: the frames, and onset and apex."""
    return (cfg.frames[1] + 2) * cfg.size * cfg.size * 3


def least_ms(module: Module, cfg: Config, weights: int, precision: str) -> tuple[float, float]:
    """Milliseconds that arithmetic and memory take at least, for one clip."""
    arithmetic = 2 * multiply_adds(cfg) / (module.tera(precision) * 1e9)
    memory = (weights * BYTES[precision] + picture_bytes(cfg)) / (module.gbs * 1e6)
    return arithmetic, memory


def table() -> str:
    """Both tables in Markdown."""
    lines = [
        "| module | GPU clock, MHz | fp32, TFLOPS | fp16, dense | int8, dense | memory, GB/s |",
        "|---|---|---|---|---|---|",
    ]
    for name, module in MODULES.items():
        rates = " | ".join(f"{module.tera(p):.1f}" for p in ("fp32", "fp16", "int8"))
        lines.append(f"| {name} | {module.mhz} | {rates} | {module.gbs:g} |")
    short = [
        name.replace(" 8 GB", "").replace(" 16 GB", "").replace(" 64 GB", "") for name in MODULES
    ]
    lines += [
        "",
        f"| HSTA | 10⁹ multiply-adds | weights, 10⁶ | {' | '.join(f'{n}, fp16' for n in short)} |",
        "|---|---|---|" + "---|" * len(short),
    ]
    for name, cfg in costs().items():
        weights = parameters(Hsta(cfg))
        cells = []
        for module in MODULES.values():
            arithmetic, memory = least_ms(module, cfg, weights, "fp16")
            bound = "arithmetic" if arithmetic >= memory else "memory"
            cells.append(f"{max(arithmetic, memory):.2f} ms ({bound})")
        counts = f"{multiply_adds(cfg) / 1e9:.2f} | {weights / 1e6:.1f}"
        lines.append(f"| {name} | {counts} | {' | '.join(cells)} |")
    return "\n".join(lines)


def between(text: str) -> str:
    """What stands between the markers of a document."""
    return text.split(BEGIN, 1)[1].split(END, 1)[0].strip()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    into: Path | None = None  # a Markdown file with the two markers


def main(argv: list[str]) -> int:
    """Print the tables, or write them between a document's markers."""
    args = read(Settings, "roofline", __doc__, argv)
    if args.into is None:
        print(table())
        return 0
    text = args.into.read_text("utf-8")
    if BEGIN not in text or END not in text:
        raise SystemExit(f"{args.into} lacks the markers {BEGIN} and {END}")
    head, tail = text.split(BEGIN, 1)[0], text.split(END, 1)[1]
    args.into.write_text(f"{head}{BEGIN}\n{table()}\n{END}{tail}", "utf-8")
    return 0
