#!/usr/bin/env bash
# Every program that the set-up calls and a test must not: writes the call down and answers from the files in $FAKES.
name=${0##*/}
case $name in
  dpkg-query)
    # The last word is the package, or a pattern of packages; only the first that is there answers, as with grep -m1.
    for found in "$FAKES/packages/"${!#}; do
      [[ -f $found ]] && printf 'installed %s\n' "$(<"$found")" && exit 0
    done
    exit 1
    ;;
  pkg-config)
    # By its major version's name alone, as OpenCV does.
    [[ -f $FAKES/packages/libopencv-dev && -f $FAKES/opencv && ${!#} == "opencv$(head -c 1 "$FAKES/opencv")" ]] || exit 1
    cat "$FAKES/opencv"
    ;;
  uname) echo "${FAKE_MACHINE:-aarch64}" ;;
  getent) grep -qx "$2" "$FAKES/groups" 2>/dev/null ;;
  id)
    case $1 in
      -u) [[ -f $FAKES/user ]] ;;
      -nG) [[ -f $FAKES/user ]] && tr '\n' ' ' <"$FAKES/user" ;;
    esac
    ;;
  *)
    printf '%s %s\n' "$name" "$*" >>"$CALLS"
    [[ ! -f $FAKES/fails || "$name $*" != *"$(<"$FAKES/fails")"* ]] || exit 1
    case $name in
      apt-get)
        [[ $1 != install ]] || for word in "${@:2}"; do
          [[ $word == -* ]] || printf 1 >"$FAKES/packages/${word##*/}"
        done
        ;;
      useradd) echo flinch >"$FAKES/user" ;;
      userdel) rm -f "$FAKES/user" ;;
      groupadd) echo "${!#}" >>"$FAKES/groups" ;;
      usermod) echo "$3" >>"$FAKES/user" ;;
      # curl … -o FILE URL; npm --prefix RELEASE run setup.
      curl) while [[ $1 != -o ]]; do shift; done && cp "$FAKES/download" "$2" ;;
      npm) [[ ${*: -2} != "run setup" ]] || { mkdir -p "$2/dist" "$2/node_modules" && echo "// built" >"$2/dist/main.js"; } ;;
      # runuser -u USER -- COMMAND…: the folder that env -C names is the state's, which exists.
      runuser) "${@:4}" ;;
      nvpmodel) [[ $1 != -q ]] || printf 'NV Power Mode: X\n%s\n' "$(cat "$FAKES/power" 2>/dev/null || echo 1)" ;;
      systemctl) [[ $1 != is-enabled ]] || exit 1 ;;
    esac
    ;;
esac
