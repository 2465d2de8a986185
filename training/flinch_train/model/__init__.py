"""HSTA: the network, its special data, its weights."""
