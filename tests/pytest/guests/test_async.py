"""Tests of pytest-asyncio."""
import asyncio

import pytest

from gates import close_once, close_twice


@pytest.mark.asyncio
async def test_clean():
    await asyncio.to_thread(close_once)


@pytest.mark.asyncio
async def test_coroutine():
    await asyncio.sleep(0)
    close_twice()


@pytest.mark.asyncio
async def test_thread():
    await asyncio.to_thread(close_twice)
