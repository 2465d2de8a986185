import numpy as np
import pytest

from flinch_train.data.sim.raster import SAMPLES, draw, encode, resolve


def _paint(corners: list[tuple[float, float, float]], side: int, light: float = 1.0):
    """One grey triangle over black; corners in samples, clockwise on the screen is away."""
    screen = np.array(corners, np.float32)
    triangle = np.array([[0, 1, 2]], np.int32)
    lit = np.full((3, 3), light, np.float32)
    colour = np.zeros((side, side, 3), np.float32)
    depth = np.full((side, side), np.inf, np.float32)
    texture = encode(np.full((4, 4, 3), 0.25, np.float32))
    uv = np.full((3, 2), 0.5, np.float32)
    draw(screen, triangle, uv, triangle, texture, lit, np.zeros_like(lit), colour, depth)
    return colour, depth


def test_covers_exactly_the_samples_inside():
    colour, depth = _paint([(0, 0, 5), (0, 8, 5), (8, 0, 5)], 10)
    y, x = np.mgrid[0:10, 0:10] + 0.5
    inside = x + y <= 8.0
    assert np.array_equal(np.isfinite(depth), inside)
    assert np.allclose(colour[inside], 0.25, atol=0.002)


def test_a_triangle_that_faces_away_is_not_drawn():
    _, depth = _paint([(0, 0, 5), (8, 0, 5), (0, 8, 5)], 10)
    assert not np.isfinite(depth).any()


def test_off_screen_corners_are_clipped():
    _, depth = _paint([(-50, -50, 5), (-50, 90, 5), (90, -50, 5)], 10)
    assert np.isfinite(depth).all()


def test_neighbours_leave_no_hole():
    rng = np.random.default_rng(1)
    for _ in range(20):
        middle = rng.uniform(2, 30, 2)
        points = np.array([(0, 0), (32, 0), (32, 32), (0, 32), middle], np.float32)
        screen = np.c_[points, np.full(5, 3, np.float32)].astype(np.float32)
        fan = np.array([(4, 1, 0), (4, 2, 1), (4, 3, 2), (4, 0, 3)], np.int32)
        depth = np.full((32, 32), np.inf, np.float32)
        white = np.ones((5, 3), np.float32)
        draw(
            screen, fan, np.full((5, 2), 0.5, np.float32), fan, encode(np.ones((4, 4, 3))),
            white, np.zeros_like(white), np.zeros((32, 32, 3), np.float32), depth,
        )  # fmt: skip
        assert np.isfinite(depth).all()


def test_the_nearer_triangle_wins_in_either_order():
    for order in ((0, 1), (1, 0)):
        square = np.array([(0, 0), (0, 20), (20, 0)] * 2, np.float32)
        screen = np.c_[square, [9, 9, 9, 2, 2, 2]].astype(np.float32)
        triangles = np.array([(0, 1, 2), (3, 4, 5)], np.int32)[list(order)]
        light = np.repeat(np.array([[0.2], [0.8]], np.float32), 3, 0) * np.ones(3, np.float32)
        colour = np.zeros((8, 8, 3), np.float32)
        depth = np.full((8, 8), np.inf, np.float32)
        draw(
            screen, np.ascontiguousarray(triangles), np.full((6, 2), 0.5, np.float32),
            np.ascontiguousarray(triangles), encode(np.ones((4, 4, 3))), light,
            np.zeros_like(light), colour, depth,
        )  # fmt: skip
        assert np.allclose(colour[:4, :4], 0.8)


@pytest.mark.parametrize("shift", [0.5, 1.0, 1.5])
def test_half_a_pixel_of_motion_moves_an_edge_by_half_a_pixel(shift: float):
    side = 16 * SAMPLES

    def mass(dx: float) -> float:
        edge = 10.0 * SAMPLES + dx * SAMPLES
        colour, depth = _paint([(edge, -99, 5), (edge - 200, 50, 5), (edge, 199, 5)], side)
        picture = np.zeros((16, 16, 3), np.float32)
        resolve(colour, depth, picture, 0, 0)
        return float(picture[8, :, 0].sum())

    assert mass(shift) - mass(0.0) == pytest.approx(0.25 * shift, abs=0.01)
