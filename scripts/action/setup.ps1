# The step of action.yml on Windows: installs zr into the runner's tool cache, unless it is there, and tells the runner
# where it is.
$ErrorActionPreference = 'Stop'

function Fail([string]$Message) {
  Write-Output "::error title=zr::$Message"
  exit 1
}

$version = $env:INPUT_VERSION -replace '^v', ''
if ($version -eq 'latest') { $version = '' }
if ($version -notmatch '^[0-9A-Za-z.-]*$') { Fail "'$version' is no version; write it as 1.2.3" }
if ($env:INPUT_RELEASES) { $env:ZR_RELEASES = $env:INPUT_RELEASES }
$root = if ($env:RUNNER_TOOL_CACHE) { $env:RUNNER_TOOL_CACHE } else { $env:RUNNER_TEMP }
$tools = Join-Path $root 'zr'
$arch = $env:PROCESSOR_ARCHITECTURE
$folder = if ($version) { Join-Path $tools "$version/$arch" } else { '' }
if (-not ($folder -and (Test-Path -LiteralPath (Join-Path $folder 'zr.exe')))) {
  $new = Join-Path $tools (".new-" + [Guid]::NewGuid())
  try {
    & (Join-Path $PSScriptRoot '../install.ps1') -Version $version -Dir $new
  } catch {
    Fail $_.Exception.Message
  }
  $version = (& (Join-Path $new 'zr.exe') --version) -replace '^zr (\S+).*', '$1'
  $folder = Join-Path $tools "$version/$arch"
  if (-not (Test-Path -LiteralPath $folder)) {
    New-Item -ItemType Directory -Path (Split-Path $folder) -Force | Out-Null
    Move-Item -LiteralPath $new -Destination $folder
  }
}
Add-Content -LiteralPath $env:GITHUB_PATH -Value $folder
Add-Content -LiteralPath $env:GITHUB_OUTPUT -Value "version=$version", "path=$folder"

if (-not $env:INPUT_REMOTE_CACHE_URL) { exit 0 }
if ($env:INPUT_REMOTE_CACHE_TYPE -notin 'http', 'grpc', 's3', 'gcs', 'azure', 'turbo') { Fail 'remote-cache-type is not known' }
if ($env:INPUT_REMOTE_CACHE_MODE -notin 'read', 'write', 'read-write') { Fail 'remote-cache-mode is not known' }
if ($env:INPUT_REMOTE_CACHE_URL -match '["\\\r\n]') { Fail 'remote-cache-url is no address' }
$config = Join-Path $env:APPDATA 'zr'
New-Item -ItemType Directory -Path $config -Force | Out-Null
$file = Join-Path $config 'config.toml'
if (Test-Path -LiteralPath $file) { Fail "$file is there already" }
$lines = @('[cache.remote]', "type = `"$env:INPUT_REMOTE_CACHE_TYPE`"", "url = `"$env:INPUT_REMOTE_CACHE_URL`"", "mode = `"$env:INPUT_REMOTE_CACHE_MODE`"")
if ($env:INPUT_REMOTE_CACHE_TOKEN) {
  $lines += 'auth = "bearer:$ZR_REMOTE_CACHE_TOKEN"'
  Write-Output "::add-mask::$env:INPUT_REMOTE_CACHE_TOKEN"
  Add-Content -LiteralPath $env:GITHUB_ENV -Value 'ZR_REMOTE_CACHE_TOKEN<<ZR_END', $env:INPUT_REMOTE_CACHE_TOKEN, 'ZR_END'
}
Set-Content -LiteralPath $file -Value $lines
