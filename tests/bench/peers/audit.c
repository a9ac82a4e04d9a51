/* What the dynamic linker's own interface for watching calls costs (LD_AUDIT, rtld-audit(7)), if nothing is done at
 * either end of a call: no guard that is built on it can cost less. */
#include <link.h>
#include <string.h>

unsigned la_version(unsigned version)
{
	(void)version;
	return LAV_CURRENT;
}

/* From everywhere to the library. */
unsigned la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie)
{
	(void)space, (void)cookie;
	return LA_FLG_BINDFROM | (strstr(map->l_name, "libhg_target") ? LA_FLG_BINDTO : 0);
}

#if defined __x86_64__

Elf64_Addr la_x86_64_gnu_pltenter(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
                                  La_x86_64_regs *registers, unsigned *flags, const char *name, long *frame_size)
{
	(void)index, (void)from, (void)to, (void)registers, (void)flags, (void)name;
	*frame_size = 256; /* so that the call's end is seen too */
	return symbol->st_value;
}

unsigned la_x86_64_gnu_pltexit(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
                               const La_x86_64_regs *before, La_x86_64_retval *result, const char *name)
{
	(void)symbol, (void)index, (void)from, (void)to, (void)before, (void)result, (void)name;
	return 0;
}

#elif defined __aarch64__

Elf64_Addr la_aarch64_gnu_pltenter(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
                                   La_aarch64_regs *registers, unsigned *flags, const char *name, long *frame_size)
{
	(void)index, (void)from, (void)to, (void)registers, (void)flags, (void)name;
	*frame_size = 256;
	return symbol->st_value;
}

unsigned la_aarch64_gnu_pltexit(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
                                const La_aarch64_regs *before, La_aarch64_retval *result, const char *name)
{
	(void)symbol, (void)index, (void)from, (void)to, (void)before, (void)result, (void)name;
	return 0;
}

#endif
