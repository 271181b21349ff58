"""What Visual Studio writes, and a side-by-side dependency."""

from tests.builders.pe_resources import MANIFEST, Resource, image

TEXT = """\ufeff<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0" xmlns:v3="urn:schemas-microsoft-com:asm.v3">
  <assemblyIdentity version="1.0.0.0" processorArchitecture="*" name="Example.App" type="win32"/>
  <description>An example &amp; its tests</description>
  <!-- <requestedExecutionLevel level="requireAdministrator"/> -->
  <dependency><dependentAssembly>
    <assemblyIdentity type="win32" name="Microsoft.Windows.Common-Controls" version="6.0.0.0"
        processorArchitecture="*" publicKeyToken="6595b64144ccf1df" language="*"/>
  </dependentAssembly></dependency>
  <v3:trustInfo><v3:security><v3:requestedPrivileges>
    <v3:requestedExecutionLevel note="a > b" level='asInvoker' uiAccess="false"/>
  </v3:requestedPrivileges></v3:security></v3:trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1"><application>
    <supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/>
    <supportedOS Id="{00000000-0000-0000-0000-000000000000}"/>
  </application></compatibility>
  <v3:application><v3:windowsSettings>
    <dpiAware xmlns="http://schemas.microsoft.com/SMI/2005/WindowsSettings">true/pm</dpiAware>
    <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
  </v3:windowsSettings></v3:application>
</assembly>
"""


def build() -> bytes:
    return image([Resource(MANIFEST, 1, TEXT.encode())])
