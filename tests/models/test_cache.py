"""How large a cache is."""

from gemstead.models.cache import CacheSize, LayerCache

SLIDING = LayerCache(kind="sliding", window=512, num_kv_heads=1, head_size=256, source=0, key_size=256)
FULL = LayerCache(kind="full", window=None, num_kv_heads=1, head_size=512, source=1, key_size=512)


def size(**settings: int) -> CacheSize:
    values = {"max_sequences": 64, "step_tokens": 512, "page_tokens": 64, "cache_tokens": 64 * 8192} | settings
    return CacheSize(**values)


def test_a_long_chunk_is_held_once_not_once_per_sequence() -> None:
    short = size(step_tokens=512).pages((SLIDING, FULL))["sliding"]
    long = size(step_tokens=8192).pages((SLIDING, FULL))["sliding"]
    assert long - short == 2 * (8192 - 512) // 64, "once for the step, once for prefixes"


def test_the_bounded_pool_does_not_grow_with_the_context() -> None:
    assert size(cache_tokens=1 << 20).pages((SLIDING, FULL))["sliding"] == size().pages((SLIDING, FULL))["sliding"]


def test_short_contexts_need_no_more_than_all_their_tokens() -> None:
    pages = size(cache_tokens=64 * 128).pages((SLIDING, FULL))
    assert pages["full"] == 128
    assert pages["sliding"] <= 2 * pages["full"] + 64
