"""How fast other programs are on the same frames: one contender a run, as a line of JSON.

python peers.py mesh|mesh-refined|dis|sgemm|copy VIDEO
python peers.py eager VIDEO MODELS  (needs the environment of training/)
"""

import json
import os
import sys
import time
from collections.abc import Callable

HELD = 120
WARM_UP = 60
TIMED = 540
SGEMM_SIDE = 768


def frames_of(video: str) -> list:
    """The first frames, decoded, BGR (H, W, 3) uint8."""
    import cv2

    capture = cv2.VideoCapture(video)
    frames = []
    while len(frames) < HELD:
        found, frame = capture.read()
        if not found:
            break
        frames.append(frame)
    return frames


def to_and_fro(frames: list, count: int):
    """Frames forwards and backwards, as `flinch bench` plays them."""
    turn = 2 * (len(frames) - 1)
    for i in range(count):
        place = i % turn
        yield frames[place if place < len(frames) else turn - place]


def rate(frames: list, each: Callable) -> float:
    """Frames a second, after a while to warm up."""
    for frame in to_and_fro(frames, WARM_UP):
        each(frame)
    began = time.perf_counter()
    for frame in to_and_fro(frames, TIMED):
        each(frame)
    return TIMED / (time.perf_counter() - began)


def mesh(video: str, refined: bool) -> dict:
    """MediaPipe's Face Mesh, one face, following it from frame to frame."""
    import cv2
    import mediapipe

    frames = frames_of(video)
    with mediapipe.solutions.face_mesh.FaceMesh(max_num_faces=1, refine_landmarks=refined) as graph:
        found = graph.process(cv2.cvtColor(frames[0], cv2.COLOR_BGR2RGB)).multi_face_landmarks
        if not found:
            raise SystemExit("MediaPipe finds no face in this video")
        fps = rate(frames, lambda frame: graph.process(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)))
    return {"fps": fps, "version": mediapipe.__version__}


def dis(video: str) -> dict:
    """Dense inverse search (Kroeger et al. 2016) between 112 × 112 crops: flow alone."""
    import cv2

    crops = [
        cv2.resize(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), (112, 112))
        for frame in frames_of(video)
    ]
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    before = [crops[0]]

    def each(crop) -> None:
        flow.calc(before[0], crop, None)
        before[0] = crop

    return {"fps": rate(crops, each), "version": cv2.__version__}


def sgemm(_: str) -> dict:
    """A matrix product of 768 × 768 in single precision: what the machine gives, in GFLOP/s."""
    import numpy as np

    a = np.random.default_rng(0).random((SGEMM_SIDE, SGEMM_SIDE), np.float32)
    times = []
    for _i in range(40):
        began = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - began)
    return {
        "gflops": 2 * SGEMM_SIDE**3 / sorted(times)[len(times) // 2] / 1e9,
        "version": np.__version__,
    }


def copy(_: str) -> dict:
    """A copy of 256 MB, in GB/s."""
    import numpy as np

    source = np.zeros(2**28, np.uint8)
    target = np.empty_like(source)
    times = []
    for _i in range(8):
        began = time.perf_counter()
        np.copyto(target, source)
        times.append(time.perf_counter() - began)
    return {"gbps": 2**28 / min(times) / 1e9, "version": np.__version__}


def main() -> None:
    """Measures whoever the command line names."""
    # As many threads as Flinch gives a graph.
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    contender, video = sys.argv[1:3]
    measures = {
        "mesh": lambda: mesh(video, refined=False),
        "mesh-refined": lambda: mesh(video, refined=True),
        "dis": lambda: dis(video),
        "sgemm": lambda: sgemm(video),
        "copy": lambda: copy(video),
    }
    print(json.dumps(measures[contender]()))


if __name__ == "__main__":
    main()
