#include "handles.h"

#include "library.h"

static uint64_t next_handle(enum abi_class class)
{
	static uint64_t last;
	last++;
	return class == ABI_CLASS_B ? last % 255 + 1 : class == ABI_CLASS_N ? last : last << 4 | UINT64_C(1) << 40;
}

static void open_handle(enum abi_class class, uint64_t handle)
{
	switch (class) {
	case ABI_CLASS_H:
		abi_open_h((void *)handle);
		break;
	case ABI_CLASS_D:
		abi_open_d((void *)handle);
		break;
	case ABI_CLASS_N:
		abi_open_n((int32_t)handle);
		break;
	case ABI_CLASS_B:
		abi_open_b((uint8_t)handle);
	}
}

/* A byte has been every handle before: only a create begins a new life. */
uint64_t unmet_handle(enum abi_class class)
{
	uint64_t handle = next_handle(class);
	if (class == ABI_CLASS_B)
		open_handle(class, handle);
	return handle;
}

uint64_t opened_handle(enum abi_class class)
{
	uint64_t handle = next_handle(class);
	open_handle(class, handle);
	return handle;
}

bool touch_handle(enum abi_class class, uint64_t handle)
{
	switch (class) {
	case ABI_CLASS_H:
		return abi_touch_h((void *)handle) == 1;
	case ABI_CLASS_D:
		return abi_touch_d((void *)handle) == 1;
	case ABI_CLASS_N:
		return abi_touch_n((int32_t)handle) == 1;
	default:
		return abi_touch_b((uint8_t)handle) == 1;
	}
}

void close_handle(enum abi_class class, uint64_t handle)
{
	switch (class) {
	case ABI_CLASS_H:
		abi_close_h((void *)handle);
		break;
	case ABI_CLASS_D:
		abi_close_d((void *)handle);
		break;
	case ABI_CLASS_N:
		abi_close_n((int32_t)handle);
		break;
	case ABI_CLASS_B:
		abi_close_b((uint8_t)handle);
	}
}
