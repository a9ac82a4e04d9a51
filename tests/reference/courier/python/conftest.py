"""`--variant` says which courier is tested: before, locked or after."""
import importlib

import pytest


def pytest_addoption(parser):
    parser.addoption("--variant", default="after", choices=("before", "locked", "after"))
    parser.addoption("--rounds", type=int, default=1)


def pytest_generate_tests(metafunc):
    if metafunc.config.getoption("rounds") > 1:
        metafunc.fixturenames.append("round_number")
        metafunc.parametrize("round_number", range(metafunc.config.getoption("rounds")))


@pytest.fixture
def variant(request):
    return request.config.getoption("variant")


@pytest.fixture
def courier(variant):
    return importlib.import_module("courier." + variant)
