module freers

go 1.21
