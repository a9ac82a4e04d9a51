int PyInit_box(void);
int PyInit_box(void)
{
	return 0;
}
