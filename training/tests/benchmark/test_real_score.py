import json
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from flinch_train.benchmark.real.causes import Cause, Causes
from flinch_train.benchmark.real.context import Agreement, Mark, agreement
from flinch_train.benchmark.real.curve import draw
from flinch_train.benchmark.real.lost import NOT_RAISED, lost_where
from flinch_train.benchmark.real.page import false_events, kinds, misses, page_of
from flinch_train.benchmark.real.points import point_of, table
from flinch_train.benchmark.real.reliability import confidence_of, none_of
from flinch_train.benchmark.real.reliability import table as reliability
from flinch_train.benchmark.real.score import (
    breakdown,
    curve,
    footage_table,
    interval,
    kept,
    poisson,
    result_of,
    scores,
    watched_by,
)
from flinch_train.benchmark.real.weigh import hits_of, points_for, weights_of
from flinch_train.benchmark.shipped.evidence import evidence
from flinch_train.data.footage.footage import Video
from flinch_train.data.footage.measure import PLAIN, WARPED, Watching, jobs, watch
from flinch_train.data.footage.seen import Span, match, seen_in
from flinch_train.data.footage.split import Placed, Split

EVEN = {"spotter": 1, "hsta": 1, "bias": 0}
CALM = {"negative": 0.1, "positive": 0.1, "surprise": 0.8}


def video(name: str, folder) -> Video:
    return Video(folder / f"{name}.mp4", name * 32, "someone (MIT)", "talk", 250, 25.0)


def movement(onset: float, none: float, outcome: str = "event", context=()) -> dict:
    return {
        "kind": "movement",
        "face": 1,
        "verdict": outcome,
        "apexMs": onset + 100,
        "onsetMs": onset,
        "offsetMs": onset + 300,
        "score": 0.9,
        "regions": [{"name": "upper_lip", "displacement": 20}],
        "context": list(context),
        "statement": {
            "report": "emotion",
            "label": "surprise",
            "confidence": 0.9 * (1 - none),
            "none": none,
            "valence": CALM,
        },
        "evidence": math.log(9) + math.log((1 - none) / none),
    }


def expression(onset: float, emotion: str, amplitude: float) -> dict:
    return {
        "onsetMs": onset,
        "apexMs": onset + 120,
        "offsetMs": onset + 300,
        "emotion": emotion,
        "valence": {"happy": "positive", "surprise": "surprise"}[emotion],
        "actionUnits": ["12"],
        "amplitude": amplitude,
        "eyeDistancePx": 55.0,
    }


def write(folder, name: str, moved: list[dict], truth: list[dict] | None) -> None:
    place = folder / name
    place.mkdir(parents=True)
    summary: dict = {"model": {"name": "hsta", "version": "0.1"}}
    summary |= {"minutes": {"video": 0.25, "judged": 0.2, "notJudged": {"settling_in": 0.05}}}
    (place / "summary.json").write_text(json.dumps(summary))
    (place / "movements.ndjson").write_text("".join(json.dumps(line) + "\n" for line in moved))
    samples = [
        {"kind": "sample", "face": 1, "timeMs": 40 * k, "context": ["talking"] if k < 100 else []}
        for k in range(250)
    ]
    signals = [{"kind": "signal", "face": 1, "timeMs": 40 * k, "score": 0.1} for k in range(250)]
    lines = "".join(json.dumps(line) + "\n" for line in [*samples, *signals])
    (place / "signals.ndjson").write_text(lines)
    if truth is not None:
        (folder / f"{name}.json").write_text(json.dumps({"events": truth}))


@pytest.fixture
def run(tmp_path):
    """Two people: three expressions of which two are found, one false event, one candidate more."""
    videos = [video("ab", tmp_path), video("cd", tmp_path)]
    split = Split([Placed("ab" * 32, 1, "test", ""), Placed("cd" * 32, 2, "test", "")])
    names = [one.name for one in videos]
    false = movement(6000, 0.1, context=["blinking"])
    write(tmp_path / PLAIN, names[0], [false, movement(8000, 0.6, "none")], None)
    write(tmp_path / PLAIN, names[1], [], None)
    truths = [expression(2000, "surprise", 0.02), expression(5000, "happy", 0.05)]
    found = [movement(2010, 0.1), movement(5010, 0.2), movement(8000, 0.1)]
    write(tmp_path / f"{WARPED}-1", names[0], found, truths)
    write(tmp_path / f"{WARPED}-1", names[1], [], [expression(3000, "happy", 0.06)])
    plain = list(seen_in(tmp_path, PLAIN, videos, split))
    warped = list(seen_in(tmp_path, f"{WARPED}-1", videos, split))
    return tmp_path, videos, split, plain, warped


def outcomes(run):
    _, _, _, plain, warped = run
    still = {one.video.sha256: one for one in plain}
    return result_of(warped, lambda one, truth: still[one.video.sha256].signals.context(truth))


def test_best_overlap_first_and_one_to_one():
    truths = (Span(0, 50, 100), Span(100, 150, 200))
    told = (Span(10, 50, 100), Span(0, 50, 95), Span(100, 150, 260))
    found = match(truths, told)
    assert found.pairs == ((0, 1), (1, 2))
    assert (found.missed, found.false) == ((), (0,))


def test_a_run_is_of_one_model(run):
    _, _, _, plain, warped = run
    assert watched_by([*plain, *warped]) == "hsta 0.1"
    plain[0].summary["model"]["version"] = "0.2"
    with pytest.raises(SystemExit, match="several models"):
        watched_by([*plain, *warped])


def test_counts_and_measures(run):
    got = scores(outcomes(run))
    assert (got["expressions"], got["found"], got["false"]) == (3, 2, 1)
    assert got["recall"] == pytest.approx(2 / 3)
    assert got["precision"] == pytest.approx(2 / 3)
    assert got["valence"] == got["emotion"] == 0.5  # the smile was called a surprise
    assert got["apexMs"] == 10
    large = scores(outcomes(run), 0.03)
    assert (large["expressions"], large["found"], large["false"]) == (2, 1, 1)


def test_recall_by_context_comes_from_the_footage_as_it_is(run):
    table = breakdown(outcomes(run))
    assert "| talking | 2 | 1 | .50 |" in table
    assert "| still | 1 | 1 | 1.00 |" in table
    assert "| 0.015 to 0.03 | 1 | 1 | 1.00 |" in table
    assert "| happy | 2 | 1 | .50 |" in table


def test_false_events_count_by_the_hour_that_could_be_judged(run):
    _, _, split, plain, _ = run
    table = footage_table(plain, split, Causes([]))
    assert "2 people, 2 videos, 0.5 minutes, 0.4 judged (80 %)" in table
    assert "1 events: 150 a judged hour" in table
    assert "| not looked at | 1 | 150 |" in table
    assert "| blinking | 1 |" in table


def test_more_evidence_finds_less_and_raises_less(run):
    _, _, _, plain, warped = run
    rows = curve(plain, warped)
    assert rows[0][1:] == (300.0, pytest.approx(2 / 3))
    assert rows[-1][1:] == (0.0, 0.0)
    for (_, false, recall), (_, less, fewer) in pairwise(rows):
        assert less <= false and fewer <= recall


def test_intervals_hold_what_was_counted(run):
    low, high = interval(outcomes(run), "recall")
    assert low <= 2 / 3 <= high and (low, high) == (0.0, 1.0)
    assert poisson(0, 1.0) == (0.0, pytest.approx(3.69, abs=0.01))
    low, high = poisson(10, 0.5)
    assert low == pytest.approx(9.59, abs=0.01) and high == pytest.approx(36.78, abs=0.01)


def test_what_is_kept_is_what_is_drawn(run, tmp_path):
    _, _, _, plain, warped = run
    version = kept("0.1", ["test"], plain, warped, outcomes(run))
    assert (version["people"], version["events"], version["falsePerHour"]) == (2, 1, 150.0)
    picture = tmp_path / "curve.svg"
    draw([version], picture)
    first = picture.read_bytes()
    draw([version], picture)
    assert picture.read_bytes() == first and b"0.67 at 150 an hour" in first


def test_a_video_that_was_not_watched_is_no_video_without_events(run, tmp_path):
    folder, videos, split, _, _ = run
    with pytest.raises(SystemExit, match="goes on where it stopped"):
        list(seen_in(folder, "warped-2", videos, split))


def test_what_is_done_is_not_done_again(run):
    folder, videos, _, _, _ = run
    todo = list(
        jobs(folder, [*videos, video("ef", folder)], [(PLAIN, 0), (WARPED, 1), (WARPED, 2)])
    )
    assert [(job.folder, len(job.videos)) for job in todo] == [
        ("plain", 1),
        ("warped-1", 1),
        ("warped-2", 3),
    ]


def test_a_flinch_that_fails_ends_the_run(run):
    folder, videos, _, _, _ = run
    (job, *_) = jobs(folder / "new", videos[:1], [(PLAIN, 0)])
    watching = Watching(folder / "new", folder, folder, None, str(folder / "no.js"), ())
    with pytest.raises(SystemExit, match="flinch analyze failed"):
        watch(job, watching)


def test_everything_that_went_wrong_has_a_row(run):
    _, _, _, plain, warped = run
    wrong = [*false_events(plain), *misses(warped, plain, "warped-1")]
    assert [(one.folder, one.lost) for one in wrong] == [(PLAIN, ""), ("warped-1", NOT_RAISED)]
    assert wrong[1].context == ("talking",)
    causes = Causes(
        [
            Cause("ab" * 32, PLAIN, 6090.0, "blink", "lids <slow>"),
            Cause("cd" * 32, "warped-1", 3100.0, "drowned in talk", "a word"),
        ]
    )
    page = page_of(wrong, causes)
    assert page.count("<tr><td>") == 2 and page.count("<svg") == 2
    assert "lids &lt;slow&gt;" in page and "missed: happy 12, 0.060" in page
    assert wrong[0].page in page
    assert kinds(wrong, causes) == [("raised wrongly: lids <slow>", 1), ("missed: a word", 1)]


def test_a_missed_expression_was_lost_somewhere(run):
    _, _, _, _, warped = run
    truth = warped[0].truths[0]
    held = replace(warped[0].candidates[0], is_event=False, outcome="none")
    one = replace(warped[0])
    one.__dict__["candidates"] = (held,)
    assert lost_where(one, truth) == "HSTA: none"
    one.__dict__["candidates"] = ()
    assert lost_where(one, truth) == NOT_RAISED


def test_agreement_with_a_person(run):
    _, _, _, plain, _ = run
    marked = [
        Mark("ab" * 32, 1000, 2000, frozenset({"talking"})),
        Mark("ab" * 32, 5000, 6000, frozenset()),
        Mark("cd" * 32, 1000, 2000, frozenset({"talking", "blinking"})),
        Mark("cd" * 32, 6000, 7000, frozenset({"talking"})),
        Mark("ef" * 32, 6000, 7000, frozenset({"talking"})),
    ]
    found = agreement(plain, marked)
    assert found["talking"] == Agreement(both=2, told=0, seen=1, neither=1)
    assert found["blinking"] == Agreement(both=0, told=0, seen=1, neither=3)
    assert found["talking"].kappa == pytest.approx(0.5)


def test_an_operating_point_counts_what_has_enough_evidence(run):
    _, _, _, plain, warped = run
    all_of_it = point_of(plain, warped, -20, EVEN)
    # two clear expressions, one of them found; the false event, and not what HSTA calls none
    assert (all_of_it.false, all_of_it.found, all_of_it.expressions) == (2, 1, 2)
    assert all_of_it.hours == pytest.approx(0.4 / 60)
    told = sorted(c.evidence for one in plain for c in one.candidates)
    strict = point_of(plain, warped, told[-1] + 1e-6, EVEN)
    assert strict.false == 0
    assert strict.found <= all_of_it.found
    text = table({"strict": strict, "sensitive": all_of_it})
    assert "| sensitive | -20 | 2 | 300 (" in text
    assert "1 of 2 | 0.50 |" in text


def test_weights_let_the_better_witness_count_for_more(run):
    _, _, _, plain, _ = run
    [one, *_] = plain[0].candidates
    rng = np.random.default_rng(1)
    # HSTA tells them apart, the spotter does not
    true, false = (
        [replace(one, probability=p, none=n) for p, n in rng.uniform(low, high, (80, 2))]
        for low, high in (((0.5, 0.01), (0.9, 0.4)), ((0.5, 0.3), (0.9, 0.7)))
    )
    weights = weights_of(true, false)
    assert weights["hsta"] > 5 * weights["spotter"] >= 0
    points = points_for(false, 10.0, weights)
    assert points["strict"] >= points["balanced"] >= points["sensitive"]
    spotted, none = (np.array([getattr(c, k) for c in false]) for k in ("probability", "none"))
    told = evidence(spotted, none, weights)
    assert 0.8 * 60 <= (told >= points["balanced"]).sum() <= 60


def test_what_finds_no_clear_expression_is_no_hit(run):
    _, _, _, _, warped = run
    assert len(hits_of(warped)) == 1


def test_what_is_said_of_certainty_is_held_against_what_was_there(run):
    _, _, _, _, warped = run
    stated, true = none_of(warped)
    assert len(stated) == sum(len(seen.candidates) for seen in warped)
    assert true.sum() == 1  # two are hits, of a faint expression and of a clear one
    confident, right = confidence_of(warped)
    assert set(right) <= {0.0, 1.0}
    assert len(confident) == sum(len(seen.events) for seen in warped)
    text = reliability(np.array([0.05, 0.95, 0.95]), np.array([0.0, 1.0, 0.0]), ("a", "b", "c"))
    assert "| 2 | 0.95 | 0.50 |" in text
    assert "Calibration error 0.32 (3 of them)." in text
