# The step of action.yml on Windows: installs zr into the runner's tool cache, unless it is there, and tells the runner
# where it is. Inputs come as INPUT_… variables; the runner's own files are GITHUB_PATH, GITHUB_ENV, GITHUB_OUTPUT.
$ErrorActionPreference = 'Stop'

# A line of its own for the runner: what comes of others starts no second one.
function Fail([string]$Message) {
  $line = $Message -replace '[\r\n]', ' ' -replace '%', '%25'
  Write-Output "::error title=zr::$line"
  exit 1
}

$token = $env:INPUT_REMOTE_CACHE_TOKEN
# Only the first line of a secret would be masked.
if ($token -match '[\x00-\x1f\x7f]') { Fail 'remote-cache-token has more than one line' }
if ($token) { Write-Output "::add-mask::$($token -replace '%', '%25')" }

$version = $env:INPUT_VERSION -replace '^v', ''
if ($version -eq 'latest') { $version = '' }
if ($version -notmatch '\A([0-9][0-9A-Za-z.-]*)?\z') { Fail "'$version' is no version; write it as 1.2.3" }
if ($env:INPUT_RELEASES) { $env:ZR_RELEASES = $env:INPUT_RELEASES }

$config = Join-Path $env:APPDATA 'zr\config.toml'
$mark = '# Written by the setup step of zr.'
if ($env:INPUT_REMOTE_CACHE_URL) {
  if (-not $env:INPUT_REMOTE_CACHE_TYPE) { $env:INPUT_REMOTE_CACHE_TYPE = 'http' }
  if (-not $env:INPUT_REMOTE_CACHE_MODE) { $env:INPUT_REMOTE_CACHE_MODE = 'read-write' }
  if ('http', 'grpc', 's3', 'gcs', 'azure', 'turbo' -cnotcontains $env:INPUT_REMOTE_CACHE_TYPE) { Fail 'remote-cache-type is not http, grpc, s3, gcs, azure or turbo' }
  if ('read', 'write', 'read-write' -cnotcontains $env:INPUT_REMOTE_CACHE_MODE) { Fail 'remote-cache-mode is not read, write or read-write' }
  if ($env:INPUT_REMOTE_CACHE_URL -match '["\\ \x00-\x1f\x7f]') { Fail 'remote-cache-url is no address' }
  # A machine that is used again has that of the job before; one that somebody wrote stays.
  if ((Test-Path -LiteralPath $config) -and (Get-Content -LiteralPath $config -TotalCount 1) -ne $mark) {
    Fail "$config is there already: put [cache.remote] into it, or name no remote-cache-url"
  }
}

$root = if ($env:RUNNER_TOOL_CACHE) { $env:RUNNER_TOOL_CACHE } else { $env:RUNNER_TEMP }
$tools = Join-Path $root 'zr'
$arch = $env:PROCESSOR_ARCHITECTURE
# Only a version that is named can be there already: what the latest one is has to be asked.
if ($version -and (Test-Path -LiteralPath (Join-Path $tools "$version/$arch/zr.exe"))) {
  Write-Output "zr $version is in the tool cache"
} else {
  $new = Join-Path $tools (".new-" + [Guid]::NewGuid())
  try {
    $needs = $env:INPUT_NEED_SIGNATURE -eq 'true'
    & (Join-Path $PSScriptRoot '../install.ps1') -Version $version -Dir $new -NeedSignature:$needs -NoPath
  } catch {
    Fail ($_.Exception.Message -replace '^zr: ', '')
  }
  $version = (& (Join-Path $new 'zr.exe') --version) -replace '^zr (\S+).*', '$1'
  $target = Join-Path $tools "$version/$arch"
  New-Item -ItemType Directory -Path $target -Force | Out-Null
  Move-Item -LiteralPath (Join-Path $new 'zr.exe') -Destination (Join-Path $target 'zr.exe') -Force
  Remove-Item -LiteralPath $new -Recurse -Force
  Write-Output "installed zr $version"
}
$folder = Join-Path $tools "$version/$arch"
Add-Content -LiteralPath $env:GITHUB_PATH -Value $folder
Add-Content -LiteralPath $env:GITHUB_OUTPUT -Value "version=$version", "path=$folder"

if (-not $env:INPUT_REMOTE_CACHE_URL) { exit 0 }
New-Item -ItemType Directory -Path (Split-Path $config) -Force | Out-Null
$lines = @($mark, '[cache.remote]', "type = `"$env:INPUT_REMOTE_CACHE_TYPE`"", "url = `"$env:INPUT_REMOTE_CACHE_URL`"", "mode = `"$env:INPUT_REMOTE_CACHE_MODE`"")
if ($token) {
  $lines += 'auth = "bearer:$ZR_REMOTE_CACHE_TOKEN"'
  $end = 'ZR_END_' + [Guid]::NewGuid().ToString('N')
  Add-Content -LiteralPath $env:GITHUB_ENV -Value "ZR_REMOTE_CACHE_TOKEN<<$end", $token, $end
}
Set-Content -LiteralPath "$config.new" -Value $lines
Move-Item -LiteralPath "$config.new" -Destination $config -Force
Write-Output "remote cache: as $config says"
