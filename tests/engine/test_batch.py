"""A step on its way to the device: one copy, aligned, and nothing asked back."""

from __future__ import annotations

import torch

from gemstead.core.requests import Sampling
from gemstead.engine.batch import Batch, PagedCache, build_batch, lay_out
from gemstead.engine.config import EngineConfig
from gemstead.engine.scheduler import Share
from gemstead.engine.sequence import Sequence
from gemstead.kernels.ops import REFERENCE
from tests.tiny_models import tiny_model

CPU = torch.device("cpu")


def a_step() -> Batch:
    """One sequence that decodes at position 13, and a chunk of three rows of another at position 4."""
    model = tiny_model("keys_as_values")
    config = EngineConfig(context_tokens=64, cache_tokens=64, max_sequences=2, step_tokens=8, page_tokens=4)
    cache = PagedCache(model.cache_layers(), config, torch.float32, CPU, key_weights=model.key_weights())
    shares = []
    for start, count, full, sliding in ((13, 1, [5, 1, 7, 2], [3, 0, 6]), (4, 3, [4, 3], [8, 2])):
        ids = tuple(range(start + count))
        sequence = Sequence(prompt_ids=ids, max_tokens=1, sampling=Sampling(), seed=0, deliver=lambda _: None)
        sequence.full_pages, sequence.sliding_pages = full, sliding
        sequence.sliding_first = len(full) - len(sliding)
        sequence.num_computed = start
        shares.append(Share(sequence=sequence, count=count))
    return build_batch(lay_out(shares, 4), cache, REFERENCE, torch.zeros(8, dtype=torch.int64, device=CPU))


def test_all_of_a_steps_numbers_lie_in_one_tensor_at_addresses_that_kernels_are_compiled_for() -> None:
    batch = a_step()
    rows, pools = batch.memory.rows, batch.memory.pools
    tensors = [batch.ids_T, batch.rows_R, rows.position_T, rows.start_B]
    for pool in pools.values():
        tensors += [pool.slot_T, pool.first_B, pool.page_table_BP]
    assert len({tensor.untyped_storage().data_ptr() for tensor in tensors}) == 1
    assert all(tensor.data_ptr() % 16 == tensors[0].untyped_storage().data_ptr() % 16 for tensor in tensors)


def test_what_the_device_holds_is_what_the_host_knows() -> None:
    batch = a_step()
    rows, pools = batch.memory.rows, batch.memory.pools
    assert batch.ids_T.tolist() == [13, 4, 5, 6]
    assert rows.position_T.tolist() == [13, 4, 5, 6] and rows.ends == (14, 7)
    assert rows.start_B.tolist() == list(rows.starts) == [0, 1, 4]
    assert pools["sliding"].first_B.tolist() == list(pools["sliding"].firsts) == [4, 0]
    assert pools["full"].page_table_BP.tolist() == [[5, 1, 7, 2], [4, 3, 0, 0]]
    assert pools["full"].slot_T.tolist() == [2 * 4 + 1, 3 * 4, 3 * 4 + 1, 3 * 4 + 2]
    assert pools["sliding"].slot_T.tolist() == [6 * 4 + 1, 2 * 4, 2 * 4 + 1, 2 * 4 + 2]


def test_rows_the_engine_wants_are_kept_without_asking_the_device() -> None:
    batch = a_step()
    assert batch.memory.wanted is not None and batch.memory.wanted[0] is batch.rows_R
    assert batch.rows_R.tolist() == [0, 3]
    kept = batch.memory.keep_rows(batch.rows_R)
    assert kept.rows.starts == (0, 1, 2) and kept.rows.start_B.tolist() == [0, 1, 2]
    assert kept.rows.position_T.tolist() == [13, 6] and kept.rows.ends == (14, 7)
    assert batch.memory.keep_rows(torch.arange(4)) is batch.memory
