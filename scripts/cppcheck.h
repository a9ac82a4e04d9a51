/* What scripts/check-form has cppcheck know before it reads a file. Some of its versions can read neither the register
 * that a variable is kept in, `long r8 __asm__("r8")`, nor a variable of another one's type, as utlist.h makes them. */
#define __asm__(place)
#define LDECLTYPE(list) void *
