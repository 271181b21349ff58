"""`PipelineManager` under the founding specification's name; it lives in `rorqual.run.pipeline_manager`."""

from rorqual.run.pipeline_manager import PipelineManager

__all__ = ["PipelineManager"]
