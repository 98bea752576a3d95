# As much of Homebrew's formula language as the formula of zr uses, to evaluate it without Homebrew:
#
#   ruby formula-shim.rb FORMULA OS ARCH ARCHIVES PREFIX
#
# takes the archive that the formula names for the system from the folder ARCHIVES, checks its sum, unpacks it, runs
# `install` into PREFIX and then the `test` block. Prints what was installed.
require "digest"
require "fileutils"
require "open3"
require "pathname"
require "tmpdir"

FORMULA, OS, ARCH, ARCHIVES, PREFIX = ARGV

class Pathname
  def install(*items)
    mkpath
    items.each do |item|
      (item.is_a?(Hash) ? item.to_a : [[item, File.basename(item)]]).each do |from, name|
        raise "#{from} is not in the archive" unless File.exist?(from)
        FileUtils.cp(from, self / name)
        puts "installed #{(self / name).relative_path_from(Pathname(PREFIX))}"
      end
    end
  end
end

class Formula
  class << self
    attr_reader :facts, :test_block

    %i[desc homepage version license url sha256].each do |name|
      define_method(name) do |value = nil|
        @facts ||= {}
        value.nil? ? @facts[name] : @facts[name] = value
      end
    end

    def on_macos; yield if OS == "macos"; end
    def on_linux; yield if OS == "linux"; end
    def on_arm; yield if ARCH == "arm"; end
    def on_intel; yield if ARCH == "intel"; end
    def test(&block) = @test_block = block
  end

  def bin = Pathname(PREFIX) / "bin"
  def bash_completion = Pathname(PREFIX) / "etc/bash_completion.d"
  def zsh_completion = Pathname(PREFIX) / "share/zsh/site-functions"
  def fish_completion = Pathname(PREFIX) / "share/fish/vendor_completions.d"
  def version = self.class.facts[:version]
  def testpath = @testpath ||= Pathname(Dir.mktmpdir)

  def shell_output(command)
    out, status = Open3.capture2(command, chdir: testpath.to_s)
    raise "#{command} failed" unless status.success?
    out
  end

  def assert_match(wanted, text)
    raise "#{text.inspect} has no #{wanted.inspect}" unless text.include?(wanted)
  end

  def assert_equal(wanted, found)
    raise "#{found.inspect} is not #{wanted.inspect}" unless wanted == found
  end
end

load FORMULA
formula = Zr.new
facts = Zr.facts
raise "nothing for #{OS} on #{ARCH}" if facts[:url].nil?
archive = File.join(ARCHIVES, File.basename(facts[:url]))
raise "the sum is wrong" unless Digest::SHA256.file(archive).hexdigest == facts[:sha256]
Dir.mktmpdir do |folder|
  raise "the archive can't be unpacked" unless system("tar", "-xzf", archive, "-C", folder)
  # Homebrew goes into the only folder of an archive.
  Dir.chdir(Dir.children(folder).then { |names| names.size == 1 ? File.join(folder, names[0]) : folder }) { formula.install }
end
formula.instance_eval(&Zr.test_block)
puts "tested #{facts[:version]}"
