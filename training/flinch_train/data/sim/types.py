"""Short names for the arrays that the simulator passes around."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
Real = NDArray[np.floating[Any]]  # either width: for what is computed, not stored
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
Bool = NDArray[np.bool_]
