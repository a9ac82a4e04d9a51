"""The library's functions, by ctypes or by an extension module, as the environment says (COURIER_NATIVE:
`courier.by_ctypes`, or `by_extension`). A handle is a number, an error an OSError: BrokenPipeError of a closed
handle, TimeoutError."""
import importlib
import os

_functions = importlib.import_module(os.environ["COURIER_NATIVE"])
globals().update({name: function for name, function in vars(_functions).items() if not name.startswith("_")})
