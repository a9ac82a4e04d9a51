"""Prints places.c (see places.h): make_places.py. Each place is a line of its own in one of 200 functions."""
FUNCTIONS, LINES = 200, 100

print('#include "places.h"\n')
for function in range(FUNCTIONS):
    print(f"static __attribute__((noinline)) void places_{function}(struct target *target, unsigned which)\n{{\n\tswitch (which) {{")
    for line in range(LINES):
        # Not one call for all cases, as an optimiser would have it.
        print(f'\tcase {line}: target_op(target); __asm__ volatile("# {function} {line}" ::: "memory"); break;')
    print("\t}\n}\n")
names = ",\n\t".join(f"places_{function}" for function in range(FUNCTIONS))
print(f"static void (*const all[])(struct target *, unsigned) = {{\n\t{names},\n}};\n")
print(f'_Static_assert({FUNCTIONS} * {LINES} == PLACES, "as many as promised");\n')
print(f"void op_at_place(struct target *target, unsigned place)\n{{\n\tall[place / {LINES}](target, place % {LINES});\n}}")
