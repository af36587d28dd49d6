"""A head without cores and two nodes of one, until standard input ends: `python -m tests.evals.ray_cluster [HUB...]`.

Prints the address, then a line for each command it reads: `kill N` ends the raylet of the n-th node as if the power had
gone, `add` starts another node, `mourn` waits until Ray counts the killed as dead. HUB folders are the Hub caches of
the two nodes.
"""

from __future__ import annotations

import os
import sys
import time

import ray
from ray._private import worker
from ray.cluster_utils import Cluster

if __name__ == "__main__":
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    hubs = sys.argv[1:] or [None, None]
    nodes = [
        cluster.add_node(num_cpus=1, wait=False, env_vars={**os.environ, **({"HF_HUB_CACHE": hub} if hub else {})})
        for hub in hubs
    ]
    cluster.wait_for_nodes()
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR", configure_logging=False)
    worker.print_to_stdstream = lambda *_, **__: None  # news of nodes would be taken for ours
    print(cluster.address, flush=True)
    for line in sys.stdin:
        command, *which = line.split()
        if command == "kill":
            cluster.remove_node(nodes[int(which[0])], allow_graceful=False)
        elif command == "mourn":
            alive = 1 + len(cluster.worker_nodes)
            while sum(node["Alive"] for node in ray.nodes()) > alive:
                time.sleep(0.5)
        else:
            nodes.append(cluster.add_node(num_cpus=1))
        print("done", flush=True)
    cluster.shutdown()
