import pytest


@pytest.mark.handleguard_accept("repeat-free")
def test_gives_no_reason():
    pass
