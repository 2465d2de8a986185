"""Stands in for systemd where there is none: starts a daemon, listens to it, ends it when it hangs.

    supervise.py PROGRAM [ARGUMENT…]    runs the program; its exit status is ours, 70 if it hung
    supervise.py --healthy              exits with 0 while the program that runs here lives

The program speaks sd_notify(3): READY=1, WATCHDOG=1 and STOPPING=1 on $NOTIFY_SOCKET.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

# Where the socket lies, and the file whose age is that of the last sign of life.
RUN_DIR = Path(os.environ.get("SUPERVISE_DIR", "/run/flinch"))
# Seconds without a sign of life that end the program: before its first READY=1, and after.
START_S = float(os.environ.get("SUPERVISE_START_S", "900"))
WATCHDOG_S = float(os.environ.get("SUPERVISE_WATCHDOG_S", "60"))
# How long it may take to stop, as in flinch.service.
STOP_S = 30.0
STOOD_STILL = 70
POLL_S = 0.2


def healthy() -> int:
    """0 if the last sign of life is young enough; 1 if not, or if there was none."""
    try:
        age = time.time() - (RUN_DIR / "alive").stat().st_mtime
    except FileNotFoundError:
        print("no sign of life yet")
        return 1
    print(f"last sign of life {age:.0f} s ago")
    return 0 if age <= WATCHDOG_S else 1


def supervise(command: list[str]) -> int:
    """Runs the command to its end, or ends it."""
    notify = RUN_DIR / "notify"
    alive = RUN_DIR / "alive"
    for old in (notify, alive):
        old.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(notify))
    told = {"NOTIFY_SOCKET": str(notify), "WATCHDOG_USEC": str(int(WATCHDOG_S * 1e6))}
    child = subprocess.Popen(command, env={**os.environ, **told})
    deadline = time.monotonic() + START_S
    stopping = False

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal deadline, stopping
        if not stopping:
            deadline = time.monotonic() + STOP_S
        stopping = True
        child.send_signal(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while child.poll() is None:
        for word in heard(listener):
            if word == "STOPPING=1" and not stopping:
                stopping = True
                deadline = time.monotonic() + STOP_S
            if word in ("READY=1", "WATCHDOG=1") and not stopping:
                deadline = time.monotonic() + WATCHDOG_S
                alive.touch()
        if time.monotonic() > deadline:
            print(f"supervise: no sign of life, ending {command[0]}", file=sys.stderr, flush=True)
            child.kill()
            child.wait()
            return STOOD_STILL
    # As a shell says it: 128 and the signal's number.
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def heard(listener: socket.socket) -> list[str]:
    """The assignments of the next message; none after a while without one."""
    readable, _, _ = select.select([listener], [], [], POLL_S)
    return listener.recv(4096).decode(errors="replace").splitlines() if readable else []


if __name__ == "__main__":
    if sys.argv[1:] == ["--healthy"]:
        sys.exit(healthy())
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(supervise(sys.argv[1:]))
