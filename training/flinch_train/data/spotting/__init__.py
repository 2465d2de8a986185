"""The learned spotter: simulated streams, the motion read off them, the network, its graph."""
