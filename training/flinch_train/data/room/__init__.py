"""What reviewers said of movements in a room, with the motion around each: no pixels."""
