"""The morphable head: ICT-FaceKit Light (USC ICT, MIT), read from a file that the caller names.

Units are about a centimetre; x points to the person's left, y up, z out of the face.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from flinch_train.data.sim.types import F32, I32

# iBUG's 68 landmarks as vertices of the ICT mesh (ICT-FaceKit, vertex_indices.json).
LANDMARKS = np.array(
    """1225 1888 1052 367 1719 1722 2199 1447 966 3661 4390 3927 3924 2608 3272 4088 3443
    268 493 1914 2044 1401 3615 4240 4114 2734 2509 978 4527 4942 4857 1140 2075 1147 4269 3360
    1507 1542 1537 1528 1518 1511 3742 3751 3756 3721 3725 3732
    5708 5695 2081 0 4275 6200 6213 6346 6461 5518 5957 5841
    5702 5711 5533 6216 6207 6470 5517 5966""".split(),
    np.int32,
)
RIGHT_EYE, LEFT_EYE = (36, 39), (45, 42)  # outer and inner corner, the person's own right and left


@dataclass(frozen=True)
class Parts:
    """Where the parts of the mesh begin and end, as half-open vertex ranges."""

    face: tuple[int, int] = (0, 9409)
    skin: tuple[int, int] = (0, 11248)  # face, head, neck
    shell: tuple[int, int] = (0, 14062)  # and the sockets of mouth and eyes
    mouth: tuple[int, int] = (14062, 21451)  # gums, tongue, teeth
    teeth: tuple[int, int] = (17039, 21451)
    left_eye: tuple[int, int] = (21451, 22221)
    right_eye: tuple[int, int] = (23021, 23791)


@dataclass(frozen=True)
class Head:
    """Mean shape and its offsets. N vertices, T triangles, E expressions, I identity modes."""

    neutral: F32  # (N, 3)
    uv: F32  # (M, 2); the face fills 0…1, the rest of the head 1…2
    triangles: I32  # (T, 3)
    uv_triangles: I32  # (T, 3)
    expression: F32  # (E, N, 3)
    expression_names: tuple[str, ...]
    identity: F32  # (I, N, 3)
    landmarks: I32 = field(default_factory=lambda: LANDMARKS)  # (68,)
    parts: Parts = field(default_factory=Parts)

    @staticmethod
    def load(path: str | Path) -> "Head":
        with np.load(path) as data:
            triangles, uv_triangles = _split(data["quads"], data["uv_quads"])
            return Head(
                neutral=data["neutral"].astype(np.float32),
                uv=data["uv"].astype(np.float32),
                triangles=triangles,
                uv_triangles=uv_triangles,
                expression=data["expression"].astype(np.float32),
                expression_names=tuple(str(name) for name in data["expression_names"]),
                identity=data["identity"].astype(np.float32),
            )

    def shape_index(self, name: str) -> int:
        return self.expression_names.index(name)

    def eye_centres(self, vertices: F32) -> F32:
        """(2, D) of (N, D): the person's right eye (left in the image), then the left eye."""
        corners = self.landmarks[[*RIGHT_EYE, *LEFT_EYE]]
        return vertices[corners].reshape(2, 2, -1).mean(axis=1).astype(np.float32)


def _split(quads: I32, uv_quads: I32) -> tuple[I32, I32]:
    """Quads to triangles; a quad whose last index repeats is one triangle already."""
    second = quads[:, 2] != quads[:, 3]
    first_half, second_half = [0, 1, 2], [0, 2, 3]
    triangles = np.concatenate([quads[:, first_half], quads[second][:, second_half]])
    uv_triangles = np.concatenate([uv_quads[:, first_half], uv_quads[second][:, second_half]])
    return triangles.astype(np.int32), uv_triangles.astype(np.int32)
