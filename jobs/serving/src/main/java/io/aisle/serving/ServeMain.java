package io.aisle.serving;

import io.aisle.core.UserException;
import io.aisle.core.settings.CommandLine;
import io.aisle.core.settings.CommandOption;
import io.aisle.core.settings.Settings;
import io.aisle.core.settings.UsageException;
import io.aisle.serving.http.ServiceLog;
import io.aisle.serving.keys.ApiKeyCommand;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * The entry point of what runs without Spark: {@code serve} and {@code api-key}. The only place that ends the process.
 *
 * <p>Exit codes: 0 done · 1 bad command line · 2 bad input or configuration · 3 a bug.
 */
public final class ServeMain {
    private ServeMain() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(List.of(arguments), out, err);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Runs a command; a service goes on in threads of its own. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        try {
            dispatch(arguments, out, err);
            return 0;
        } catch (UsageException e) {
            err.print(e.getMessage() + "\n");
            return 1;
        } catch (UserException e) {
            err.print(Settings.withoutCredentials(e.getMessage()) + "\n");
            return 2;
        } catch (RuntimeException | Error e) {
            err.print("This is a bug in Aisle, or something it did not foresee. Please report it with what follows.\n");
            e.printStackTrace(err);
            return 3;
        }
    }

    private static void dispatch(List<String> arguments, PrintStream out, PrintStream err) {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> options = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        switch (command) {
            case "serve" ->
                with("aisle serve", ServeSettings.SUMMARY, ServeSettings.OPTIONS, options, out, line -> {
                    ServeSettings settings = ServeSettings.read(line.settings());
                    line.settings().check();
                    if (!line.isDryRun()) {
                        serve(settings, out, err);
                    }
                });
            case "api-key" ->
                with("aisle api-key", ApiKeyCommand.SUMMARY, ApiKeyCommand.OPTIONS, options, out, line -> {
                    ApiKeyCommand key = ApiKeyCommand.read(line.settings());
                    line.settings().check();
                    if (!line.isDryRun()) {
                        out.print(key.run(Clock.systemUTC()) + "\n");
                        err.print("added " + key.name() + " to " + key.file()
                                + "; the key above is kept nowhere: give it to whoever asks by it\n");
                    }
                });
            default ->
                throw new UsageException("Cannot run " + (command.isEmpty() ? "nothing" : command)
                        + ": expected one of serve, api-key. Each tells its options by --help.");
        }
    }

    private static void with(
            String program,
            String summary,
            List<CommandOption> known,
            List<String> options,
            PrintStream out,
            Consumer<CommandLine> run) {
        if (options.contains("--help")) {
            out.print(CommandLine.usage(program, summary, known) + "\n");
            return;
        }
        CommandLine line = CommandLine.parse(program, known, options);
        run.accept(line);
        if (line.isDryRun()) {
            line.settings().resolved().forEach(each -> out.print(each + "\n"));
        }
    }

    private static void serve(ServeSettings settings, PrintStream out, PrintStream err) {
        ServiceLog log = new ServiceLog(out, err, Clock.systemUTC());
        Server server = Server.start(settings, log, Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "aisle-stop"));
        log.say("ready: http://" + settings.host() + ":" + server.port() + "/"
                + (settings.isDemo() ? " (a demonstration: no API key is asked for)" : ""));
    }
}
