package io.aisle.serving.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code scripts/aisle serve} as a process of its own, with the jar that was just built. Closing it ends it. */
public final class ServiceProcess implements AutoCloseable {
    private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern READY = Pattern.compile("ready: http://127\\.0\\.0\\.1:(\\d+)/");
    private static final String END = "";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final int port;

    private ServiceProcess(List<String> java, List<String> options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(REPOSITORY.resolve("scripts/aisle").toString(), "serve", "--port", "0"));
        command.addAll(options);
        command.add("--");
        command.addAll(java);
        process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread reader = new Thread(this::read, "messages of " + process.pid());
        reader.setDaemon(true);
        reader.start();
        port = awaitPort();
    }

    /**
     * Starts it, and waits until it takes requests.
     *
     * @param java options of the JVM
     * @param options of {@code aisle serve}
     */
    public static ServiceProcess start(List<String> java, String... options) throws IOException, InterruptedException {
        return new ServiceProcess(java, List.of(options));
    }

    private void read() {
        try (BufferedReader messages =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = messages.readLine(); line != null; line = messages.readLine()) {
                lines.add(line + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.add(END);
        }
    }

    private int awaitPort() throws InterruptedException {
        return Integer.parseInt(await(READY).group(1));
    }

    /** Waits until it says so. */
    public Matcher await(Pattern said) throws InterruptedException {
        StringBuilder before = new StringBuilder();
        while (true) {
            String line = lines.poll(120, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("the service did not say " + said + " but\n" + before);
            }
            before.append(line);
            Matcher matcher = said.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    public int port() {
        return port;
    }

    /** Memory of the process that lies in RAM, as Linux says. */
    long residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1000)
                .findFirst()
                .orElseThrow();
    }

    /** Ends it as a power cut would. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and waits until it has. */
    public int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
