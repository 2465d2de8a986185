"""The leave-one-subject-out benchmark on onset→apex optical flow."""
