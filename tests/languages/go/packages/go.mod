module packages

go 1.19
