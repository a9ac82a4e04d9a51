/* More objects are loaded than are looked at: what calls mean is found all the same, and that not all were looked at is
 * said.
 *
 * recording: handles.gate.created=1 handles.gate.freed=1 calls.gate_touch=1 counters.objects-cut=>0
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>

#include "scenario.h"

#if defined(__x86_64__)
enum { MACHINE = EM_X86_64 };
#else
enum { MACHINE = EM_AARCH64 };
#endif
enum { MANY = 4096 };

/* As small as an object can be: no code, no symbols. */
struct object {
	ElfW(Ehdr) header;
	ElfW(Phdr) segments[3];
	ElfW(Dyn) dynamic[5];
	ElfW(Sym) symbol;
	char names[8];
};

static struct object make(void)
{
	struct object object = {
	    .header = {.e_type = ET_DYN,
	               .e_machine = MACHINE,
	               .e_version = EV_CURRENT,
	               .e_phoff = offsetof(struct object, segments),
	               .e_ehsize = sizeof(ElfW(Ehdr)),
	               .e_phentsize = sizeof(ElfW(Phdr)),
	               .e_phnum = 3},
	    .segments = {{.p_type = PT_LOAD,
	                  .p_flags = PF_R | PF_W,
	                  .p_filesz = sizeof object,
	                  .p_memsz = sizeof object,
	                  .p_align = 65536},
	                 {.p_type = PT_DYNAMIC,
	                  .p_flags = PF_R | PF_W,
	                  .p_offset = offsetof(struct object, dynamic),
	                  .p_vaddr = offsetof(struct object, dynamic),
	                  .p_filesz = sizeof object.dynamic,
	                  .p_memsz = sizeof object.dynamic},
	                 {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W}},
	    .dynamic = {{.d_tag = DT_STRTAB, .d_un.d_ptr = offsetof(struct object, names)},
	                {.d_tag = DT_SYMTAB, .d_un.d_ptr = offsetof(struct object, symbol)},
	                {.d_tag = DT_STRSZ, .d_un.d_val = sizeof object.names},
	                {.d_tag = DT_SYMENT, .d_un.d_val = sizeof(ElfW(Sym))}},
	};
	memcpy(object.header.e_ident, ELFMAG, SELFMAG);
	object.header.e_ident[EI_CLASS] = ELFCLASS64;
	object.header.e_ident[EI_DATA] = ELFDATA2LSB;
	object.header.e_ident[EI_VERSION] = EV_CURRENT;
	return object;
}

/* The C library's own dlopen: to look at each load would take far longer than the test. */
static void *(*load)(const char *, int);

/* Each is a file of its own, and has a name of its own. */
static void load_another(const struct object *object, const char *folder, int number)
{
	char path[64];
	snprintf(path, sizeof path, "%s/%d.so", folder, number);
	FILE *file = fopen(path, "w");
	CHECK(file && fwrite(object, sizeof *object, 1, file) == 1 && fclose(file) == 0);
	CHECK(load(path, RTLD_NOW));
	CHECK(unlink(path) == 0);
}

int main(void)
{
	char folder[] = "/tmp/handleguard-objects-XXXXXX";
	struct object object = make();
	*(void **)&load = dlsym(dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD), "dlopen");
	CHECK(load && mkdtemp(folder));
	for (int i = 0; i < MANY; i++)
		load_another(&object, folder, i);
	CHECK(rmdir(folder) == 0);
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
