"""A head without cores and two nodes of one, until standard input ends: `python -m tests.evals.ray_cluster [HUB...]`.

Prints the address, then a line for each command it reads: `kill N` ends the raylet of the n-th node as if the power had
gone, `add` starts another node. HUB folders are the Hub caches of the two nodes.
"""

from __future__ import annotations

import os
import sys

from ray.cluster_utils import Cluster

if __name__ == "__main__":
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    hubs = sys.argv[1:] or [None, None]
    nodes = [
        cluster.add_node(num_cpus=1, wait=False, env_vars={**os.environ, **({"HF_HUB_CACHE": hub} if hub else {})})
        for hub in hubs
    ]
    cluster.wait_for_nodes()
    print(cluster.address, flush=True)
    for line in sys.stdin:
        command, *which = line.split()
        if command == "kill":
            cluster.remove_node(nodes[int(which[0])], allow_graceful=False)
        else:
            nodes.append(cluster.add_node(num_cpus=1))
        print("done", flush=True)
    cluster.shutdown()
