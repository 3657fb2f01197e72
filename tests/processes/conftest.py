import pytest
from server_process import Process


@pytest.fixture
async def process(tmp_path, request):
    """A server process; `@pytest.mark.parametrize("process", [POLICY], indirect=True)` gives it knobs."""
    process = Process(tmp_path, getattr(request, "param", ""))
    await process.start()
    yield process
    await process.kill()
