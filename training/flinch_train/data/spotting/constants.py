"""The numbers that both halves of the spotter go by, in one record that each is held to.

`python -m flinch_train.data.spotting.constants > ../test/data/spotting-constants.json`
"""

import json

from flinch_train.data.spotting import decode, features, handed_over, marks, region_motion


def record() -> dict[str, dict[str, float]]:
    """By the part that goes by them; lengths in ms unless the name says otherwise."""
    return {
        "grid": {
            "stepMs": features.STEP_MS,
            "gapMs": features.GAP_MS,
            "leastFps": features.LEAST_FPS,
            "noiseSteps": features.NOISE_STEPS,
        },
        "regionMotion": {
            "referenceMs": region_motion.REFERENCE_MS,
            "referencePx": region_motion.REFERENCE_PX,
            "referenceLatestMs": region_motion.REFERENCE_LATEST_MS,
            "blinkingChange": region_motion.BLINKING_CHANGE,
            "ridgeAffine": region_motion.RIDGE_AFFINE,
            "ridgeRegion": region_motion.RIDGE_REGION,
        },
        "network": {"toldMs": handed_over.TOLD_MS, "holdMs": decode.HOLD_MS},
        "marks": {
            "floor": marks.FLOOR,
            "slackMs": marks.SLACK_MS,
            "apartMs": marks.APART_MS,
            "nearMs": marks.NEAR_MS,
            "low": marks.LOW,
            "high": marks.HIGH,
            "back": marks.BACK,
        },
        "length": {
            "shortestMs": handed_over.SHORTEST_MS,
            "longestMs": handed_over.LONGEST_MS,
            "tolerance": handed_over.LENGTH_TOLERANCE,
        },
    }


if __name__ == "__main__":
    print(json.dumps(record(), indent=2))
