/* A binding that forgets its handle when it closes it: the other thread's calls come with null. They are turned away,
 * and told with the last frees of the class, whichever handles they were of; not with a free that failed, nor with one
 * that another had won.
 *
 * finding: null-op vault none x2 g0; call gate_vault_touch in touch<main; recent gate_vault_burn in burn on burner of b;
 *     recent gate_vault_close in close_vault on closer of a
 * finding: null-op vault none g0; call gate_vault_touch_at in main; recent gate_vault_burn in burn on burner of b;
 *     recent gate_vault_close in close_vault on closer of a
 * finding: null-op vault none g0; call gate_vault_next in main; recent gate_vault_burn in burn on burner of b;
 *     recent gate_vault_close in close_vault on closer of a
 * finding: null-op vault none g0; call gate_vault_burn in main; recent gate_vault_burn in burn on burner of b;
 *     recent gate_vault_close in close_vault on closer of a
 * finding: repeat-free vault a; call gate_vault_close in main; free gate_vault_close in close_vault on closer;
 *     create gate_vault_open in main
 * recording: handles.vault.created=3 handles.vault.freed=3 handles.vault.adopted=0
 */
#include "scenario.h"

static struct owner {
	gate *vault;
} one, other;

static sem_t closed, over;

/* The threads stay till the end, and their names with them. */
static void stay(struct owner *owner)
{
	owner->vault = NULL;
	sem_post(&closed);
	sem_wait(&over);
}

static void close_vault(void *argument)
{
	struct owner *owner = argument;
	gate_vault_close(owner->vault);
	stay(owner);
}

static void burn(void *argument)
{
	struct owner *owner = argument;
	gate_vault_burn(owner->vault);
	stay(owner);
}

static int touch(const struct owner *owner)
{
	return gate_vault_touch(owner->vault);
}

int main(void)
{
	struct side closer, burner;
	one.vault = gate_vault_open();
	other.vault = gate_vault_open();
	gate *a = one.vault, *busy = gate_vault_open(), *nothing = NULL;
	tell("a", a);
	tell("b", other.vault);
	tell("none", NULL);
	CHECK(sem_init(&closed, 0, 0) == 0 && sem_init(&over, 0, 0) == 0);
	start(&closer, "closer", close_vault, &one);
	sem_wait(&closed);
	start(&burner, "burner", burn, &other);
	sem_wait(&closed);
	gate_vault_close(a);
	CHECK(gate_vault_try_close(busy) == 16);
	for (int i = 0; i < 2; i++)
		CHECK(touch(&one) == -EPIPE);
	CHECK(gate_vault_touch_at(&nothing) == -EPIPE);
	CHECK(gate_vault_next(NULL, busy) == -EPIPE);
	gate_vault_burn(NULL);
	gate_vault_close(busy);
	sem_post(&over);
	sem_post(&over);
	join(&closer);
	join(&burner);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
