/* Null where it means nothing: a free of it, an element of an array, an argument or a function of which the manifest
 * says so, an address that is null, a class of which nothing is said; and what the library does for itself.
 *
 * recording: handles.vault.created=1 handles.vault.freed=1 calls.gate_vault_close=2
 */
#include "scenario.h"

int main(void)
{
	gate *vault = gate_vault_open(), *some[] = {NULL, vault, NULL};
	gate_vault_close(NULL);
	CHECK(gate_vault_touch_all(3, some) == 3);
	CHECK(gate_vault_next(vault, NULL) == 1 && gate_vault_next(vault, vault) == 2);
	CHECK(gate_vault_touch_at(NULL) == 0 && gate_vault_touch_at(&vault) == 1);
	CHECK(gate_vault_ask(vault) == 1);
	CHECK(gate_violations() == 0);
	CHECK(gate_vault_ask(NULL) == 1 && gate_violations() == 1);
	gate_vault_close(vault);
	return 0;
}
