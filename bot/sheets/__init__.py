"""Time sheets as files. Pure: accounts go in, bytes come out; xlsxwriter and fpdf2 are known here and nowhere else."""
