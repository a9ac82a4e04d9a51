/* Knows the binding only. */
int binding_run(void);

int main(void)
{
	return binding_run();
}
