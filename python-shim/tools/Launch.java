import java.util.List;

/// Runs a command and tells it by `DLT_JAVA_JDK` which JDK this is: `java Launch.java COMMAND...`.
/// Maven resolves `java` to the JDK 25 that it found, but tells no other program about it.
final class Launch {
  public static void main(String[] command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).inheritIO();
    builder.environment().put("DLT_JAVA_JDK", System.getProperty("java.home"));
    System.exit(builder.start().waitFor());
  }

  private Launch() {}
}
