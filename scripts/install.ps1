<#
Installs zr on Windows: one program, into a folder of yours. Run it again to upgrade.

  irm https://github.com/zr-build/zr/releases/latest/download/install.ps1 | iex
  .\install.ps1 [-Version X.Y.Z] [-Dir FOLDER] [-From FOLDER] [-NeedSignature] [-NoPath] [-Uninstall]

ZR_VERSION, ZR_INSTALL_DIR, ZR_INSTALL_FROM and ZR_NEED_SIGNATURE say the same; ZR_RELEASES names another place to
download from. -NeedSignature fails where the signature can't be checked, which takes minisign. -NoPath leaves PATH
alone. No administrator is needed.
#>
param(
  [string]$Version = $env:ZR_VERSION,
  [string]$Dir = $env:ZR_INSTALL_DIR,
  [string]$From = $env:ZR_INSTALL_FROM,
  [switch]$NeedSignature = [bool]$env:ZR_NEED_SIGNATURE,
  [switch]$NoPath,
  [switch]$Uninstall
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
# The public key that releases are signed with, in the form of minisign.
$ZR_KEY = ''

function Fail([string]$Message) {
  throw "zr: $Message"
}

function Get-ReleaseFile([string]$Name, [string]$Target) {
  if ($From) {
    $source = Join-Path $From $Name
    if (-not (Test-Path -LiteralPath $source)) { Fail "there is no $source" }
    Copy-Item -LiteralPath $source -Destination $Target
    return
  }
  $base = if ($env:ZR_RELEASES) { $env:ZR_RELEASES } else { 'https://github.com/zr-build/zr/releases' }
  $url = if ($Version) { "$base/download/v$Version/$Name" } else { "$base/latest/download/$Name" }
  try {
    Invoke-WebRequest -Uri $url -OutFile $Target -UseBasicParsing -MaximumRedirection 10
  } catch {
    Fail "${url}: $($_.Exception.Message)"
  }
}

if (-not $Dir) { $Dir = Join-Path $env:LOCALAPPDATA 'Programs\zr' }
$program = Join-Path $Dir 'zr.exe'
$Version = ($Version -replace '^v', '')
if ($Version -notmatch '\A([0-9][0-9A-Za-z.-]*)?\z') { Fail "'$Version' is no version; write it as 1.2.3" }

if ($Uninstall) {
  if (-not (Test-Path -LiteralPath $program)) { Fail "there is no $program" }
  Remove-Item -LiteralPath $program -Force
  Remove-Item -LiteralPath "$program.old" -Force -ErrorAction SilentlyContinue
  $path = [string][Environment]::GetEnvironmentVariable('Path', 'User')
  $kept = ($path -split ';' | Where-Object { $_ -and $_ -ne $Dir }) -join ';'
  if ($kept -ne $path) { [Environment]::SetEnvironmentVariable('Path', $kept, 'User') }
  Write-Host "zr: removed $program"
  return
}

$machine = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
$arch = switch ($machine) {
  'AMD64' { 'x64' }
  'ARM64' { 'arm64' }
  default { Fail "there is no zr for $machine; there is for x64 and arm64" }
}

$temporary = Join-Path ([IO.Path]::GetTempPath()) ("zr-" + [Guid]::NewGuid())
New-Item -ItemType Directory -Path $temporary | Out-Null
try {
  $sums = Join-Path $temporary 'SHA256SUMS'
  Get-ReleaseFile 'SHA256SUMS' $sums
  $canVerify = $ZR_KEY -and (Get-Command minisign -ErrorAction SilentlyContinue)
  if ($NeedSignature -and -not $canVerify) { Fail "the signature can't be checked: that takes minisign, and an installer that knows a key" }
  if ($canVerify) {
    Get-ReleaseFile 'SHA256SUMS.minisig' "$sums.minisig"
    & minisign -V -q -P $ZR_KEY -m $sums | Out-Null
    if ($LASTEXITCODE -ne 0) { Fail 'the signature of the release is wrong' }
  }
  $line = Get-Content -LiteralPath $sums | Where-Object { $_ -match "^[0-9a-f]{64}  zr-.*-windows-$arch\.zip$" } | Select-Object -First 1
  if (-not $line) { Fail "the release has nothing for windows-$arch" }
  $wanted, $archive = $line -split '  ', 2
  $found = $archive -replace '^zr-', '' -replace "-windows-$arch\.zip$", ''
  if ($Version -and $Version -ne $found) { Fail "asked for $Version, and the release is $found" }
  Write-Host "zr: zr $found for windows-$arch"
  $file = Join-Path $temporary $archive
  Get-ReleaseFile $archive $file
  $got = (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash.ToLowerInvariant()
  if ($got -ne $wanted) { Fail "$archive is not what the release says: its SHA-256 is $got, and should be $wanted" }
  Expand-Archive -LiteralPath $file -DestinationPath $temporary
  $new = Join-Path $temporary (Join-Path ($archive -replace '\.zip$', '') 'zr.exe')
  & $new --version | Out-Null
  if ($LASTEXITCODE -ne 0) { Fail 'the program does not run here' }
  New-Item -ItemType Directory -Path $Dir -Force | Out-Null
  # A program that runs can be renamed, not replaced.
  if (Test-Path -LiteralPath $program) {
    $old = "$program.old"
    Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
    Move-Item -LiteralPath $program -Destination $old -Force
  }
  Move-Item -LiteralPath $new -Destination $program -Force
} finally {
  Remove-Item -LiteralPath $temporary -Recurse -Force -ErrorAction SilentlyContinue
}

Write-Host "zr: installed $program"
if ($NoPath) { return }
$path = [string][Environment]::GetEnvironmentVariable('Path', 'User')
if (($path -split ';') -notcontains $Dir) {
  [Environment]::SetEnvironmentVariable('Path', ($path.TrimEnd(';') + ';' + $Dir).TrimStart(';'), 'User')
  Write-Host "zr: $Dir was added to your PATH; new terminals have it"
}
