/** TensorRT's version among Debian's installed packages (`libnvinfer8`, `libnvinfer10`, …), as dpkg-query prints them. */
export function tensorrtVersion(dpkgLines: string): string | undefined {
  return /^libnvinfer\d+ (\d+(?:\.\d+)+)/m.exec(dpkgLines)?.[1];
}
