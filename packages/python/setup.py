"""The wheel holds programs of one machine, and no module of one Python: its name says both."""
from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class OfOneMachine(Distribution):
    def has_ext_modules(self):
        return True


class ForEachPython(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


setup(distclass=OfOneMachine, cmdclass={"bdist_wheel": ForEachPython})
