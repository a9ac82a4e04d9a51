/* Handles from which others of several kinds are made, each of which has an end of its own with them: sacks outlive
 * their mill, carts go with it, and wheels are left with what is gone. Of a mill that is built so, carts outlive it
 * too. */
#include "box.h"
#include "gate.h"

enum { PARTS = 48 };

static struct part {
	struct box *part, *mill;
	enum { SACK, WHEEL, CART } kind;
} parts[PARTS];

static struct box *mill_of_stone;

gate_mill *gate_mill_build(int kind)
{
	struct box *mill = box_new();
	if (kind == GATE_MILL_OF_STONE)
		mill_of_stone = mill;
	return (gate_mill *)mill;
}

static void *make(gate_mill *mill, int kind)
{
	struct box *part = box_new();
	box_enter((struct box *)mill);
	for (int i = 0; i < PARTS; i++)
		if (!parts[i].part) {
			parts[i] = (struct part){part, (struct box *)mill, kind};
			break;
		}
	box_leave((struct box *)mill);
	return part;
}

static void end(void *gone)
{
	for (int i = 0; i < PARTS; i++)
		if (parts[i].part == gone)
			parts[i].part = NULL;
	box_free(gone);
}

static int touch(void *part)
{
	box_enter(part);
	box_leave(part);
	return 1;
}

static bool has(gate_mill *mill, int kind)
{
	for (int i = 0; i < PARTS; i++)
		if (parts[i].part && parts[i].mill == (struct box *)mill && (int)parts[i].kind == kind)
			return true;
	return false;
}

void gate_mill_close(gate_mill *mill)
{
	for (int i = 0; i < PARTS && (struct box *)mill != mill_of_stone; i++)
		if (parts[i].part && parts[i].mill == (struct box *)mill && parts[i].kind == CART)
			end(parts[i].part);
	box_free((struct box *)mill);
}

int gate_mill_sell(gate_mill *mill)
{
	if (has(mill, WHEEL))
		return 16;
	box_free((struct box *)mill);
	return 0;
}

int gate_mill_touch(gate_mill *mill)
{
	return touch(mill);
}

int gate_mill_clear(gate_mill *mill)
{
	for (int i = 0; i < PARTS; i++)
		if (parts[i].part && parts[i].mill == (struct box *)mill && parts[i].kind == CART)
			end(parts[i].part);
	return 0;
}

int gate_mill_try_clear(gate_mill *mill)
{
	return has(mill, WHEEL) ? 16 : gate_mill_clear(mill);
}

gate_sack *gate_sack_fill(gate_mill *mill)
{
	return make(mill, SACK);
}

gate_wheel *gate_wheel_mount(gate_mill *mill)
{
	return make(mill, WHEEL);
}

gate_cart *gate_cart_load(gate_mill *mill)
{
	return make(mill, CART);
}

int gate_sack_touch(gate_sack *sack)
{
	return touch(sack);
}

int gate_sack_wait(gate_sack *sack)
{
	box_enter((struct box *)sack);
	box_park((struct box *)sack);
	box_leave((struct box *)sack);
	return 2;
}

int gate_wheel_touch(gate_wheel *wheel)
{
	return touch(wheel);
}

int gate_cart_touch(gate_cart *cart)
{
	return touch(cart);
}

int gate_cart_wait(gate_cart *cart)
{
	return gate_sack_wait((gate_sack *)cart);
}

void gate_sack_empty(gate_sack *sack)
{
	end(sack);
}

void gate_wheel_unmount(gate_wheel *wheel)
{
	end(wheel);
}

void gate_cart_unload(gate_cart *cart)
{
	end(cart);
}

void gate_sack_await_parked(gate_sack *sack)
{
	box_await_parked((struct box *)sack, 1);
}

void gate_sack_let_go(gate_sack *sack)
{
	box_let_go((struct box *)sack);
}
