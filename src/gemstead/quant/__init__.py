"""How weights are stored. Needs no torch to import."""

GROUP = 32  # neighbours of a row that share a scale in int4
