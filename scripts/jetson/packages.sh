# shellcheck shell=bash
# Debian packages: build tools, OpenCV's headers, GStreamer's plug-ins.

install_packages() {
  heading "Packages"
  local package wanted=()
  for package in "${RUN_PACKAGES[@]}"; do
    [[ -n $(package_version "$package") ]] || wanted+=("$package")
  done
  if ((${#wanted[@]} == 0)); then
    note "all there"
  else
    lacks "to install: ${wanted[*]}"
    if [[ -z $offline ]]; then
      change apt-get update
      change apt-get install -y --no-install-recommends "${wanted[@]}"
    elif compgen -G "$unpacked/debs/*.deb" >/dev/null; then
      change apt-get install -y --no-download --no-install-recommends "$unpacked"/debs/*.deb
    elif [[ $mode == install ]]; then
      die "the bundle carries no Debian packages and these are missing: ${wanted[*]}; make it with --debs DIR, or install them first"
    fi
  fi
  [[ $mode != install || -n $(opencv_version) ]] ||
    die "pkg-config knows neither opencv4 nor opencv5: is libopencv-dev NVIDIA's or Ubuntu's, and is it whole?"
}
