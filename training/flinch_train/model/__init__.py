"""The networks: HSTA with its special data and weights, the spotter; and the motion graph."""
