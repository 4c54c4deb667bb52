"""Having a plan approved by somebody else."""
