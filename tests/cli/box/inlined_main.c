int PyInit_inlined(void);

int main(void)
{
	return PyInit_inlined() == 50 ? 0 : 3;
}
