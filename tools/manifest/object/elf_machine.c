#include "manifest/object/elf_machine.h"

#include <elf.h>
#include <string.h>

static const struct hg_machine *const machines[] = {&hg_machine_x86_64, &hg_machine_aarch64};

enum { MACHINES = sizeof(machines) / sizeof(*machines) };

const struct hg_machine *hg_machine_find(uint16_t elf_machine)
{
	for (unsigned i = 0; i < MACHINES; i++)
		if (machines[i]->elf_machine == elf_machine)
			return machines[i];
	return NULL;
}

const struct hg_machine *hg_machine_named(const char *name)
{
	for (unsigned i = 0; i < MACHINES; i++)
		if (strcmp(machines[i]->name, name) == 0)
			return machines[i];
	return NULL;
}
