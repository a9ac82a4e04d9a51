/* Handles in whose place other values come: a vault's functions crash without one, as most libraries' do, but for those
 * that take null for nothing; a badge's do with whatever is none. Neither really crashes: it is counted. */
#include <stddef.h>

#include "box.h"
#include "gate.h"

enum { CRASHED = -14 };

static int use(gate *g)
{
	if (!g) {
		box_complain();
		return CRASHED;
	}
	box_enter((struct box *)g);
	box_leave((struct box *)g);
	return 1;
}

gate *gate_vault_open(void)
{
	return (gate *)box_new();
}

int gate_vault_touch(gate *vault)
{
	return use(vault);
}

int gate_vault_next(gate *vault, gate *before)
{
	return before ? use(vault) + use(before) : use(vault);
}

int gate_vault_touch_all(int count, gate *const *vaults)
{
	for (int i = 0; i < count; i++)
		if (vaults[i])
			use(vaults[i]);
	return count;
}

int gate_vault_touch_at(gate **vault)
{
	return vault ? use(*vault) : 0;
}

int gate_vault_ask(gate *vault)
{
	return vault ? gate_vault_touch(vault) : gate_vault_touch(NULL) == CRASHED;
}

void gate_vault_close(gate *vault)
{
	if (vault)
		box_free((struct box *)vault);
}

void gate_vault_burn(gate *vault)
{
	if (use(vault) == 1)
		box_free((struct box *)vault);
}

int gate_vault_try_close(gate *vault)
{
	(void)vault;
	return 16;
}

gate *gate_badge_open(void)
{
	return (gate *)box_new();
}

gate *gate_badge_open_with(void (*callback)(gate *badge))
{
	gate *badge = gate_badge_open();
	callback(badge);
	return badge;
}

int gate_badge_touch(gate *badge)
{
	return use(badge);
}

void gate_badge_close(gate *badge)
{
	gate_vault_close(badge);
}
