"""Threads that call deeply, compile, yield and start others, while all are walked. `probe` is there."""
import threading

WALKS = 2000

def recurse(depth):
    return recurse(depth - 1) if depth else 0

def generate(depth):
    if depth:
        yield from generate(depth - 1)
    yield depth

def quick():
    probe.probe_seen()
    recurse(900)

def work():
    probe.probe_seen()
    number = 0
    while probe.probe_stress_walks() < WALKS:
        number += 1
        recurse(150)
        namespace = {}
        exec(compile(f"def f{number}(n):\n  return f{number}(n - 1) if n else 0\nf{number}(60)", f"{number}.py", "exec"),
             namespace)
        sum(generate(30))
        thread = threading.Thread(target=quick)
        thread.start()
        thread.join()

probe.probe_stress_walks.restype = probe.probe_stress_end.restype = ctypes.c_ulong
text = ctypes.create_string_buffer(1 << 16)
probe.probe_own(text, ctypes.c_size_t(len(text)))  # from now on the layout is known to be right
probe.probe_stress()
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(probe.probe_stress_end())
