"""When the learned spotter is asked, and how far it looks: in steps of the grid, 20 ms each.

``flinch_train.model.spotter`` is built to this, and the daemon reads it in models/manifest.json.
"""

STRIDE = 2  # from one question to the next
READY = 25  # for which a face has to be in view before it is judged: 0.5 s
WINDOW = 160  # that one answer needs: 3.2 s
LOOK_BACK = WINDOW - 1  # behind the step that is asked for
DELAY_MS = 160.0  # after an offset: the face has had time to show that it came back to stay
