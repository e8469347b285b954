package io.aisle.serving;

import io.aisle.core.UserException;
import io.aisle.core.storage.StoredDirectory;
import io.aisle.serving.feedback.CorrectionStore;
import io.aisle.serving.feedback.ReviewQueue;
import io.aisle.serving.http.BodyLimit;
import io.aisle.serving.http.ConnectorErrors;
import io.aisle.serving.http.Exchange;
import io.aisle.serving.http.Problem;
import io.aisle.serving.http.ServiceLog;
import io.aisle.serving.http.WithoutUpgrades;
import io.aisle.serving.keys.ApiKeys;
import io.aisle.serving.keys.Scope;
import io.aisle.serving.model.Champion;
import io.aisle.serving.model.Scorer;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.staticfiles.Location;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP service: puts its parts together, and opens the port when all of them are ready. */
public final class Server implements AutoCloseable {
    private static final int THREADS = 64;
    private static final int FIRST_THREADS = 8;
    private static final Pattern LOOPBACK_HOST =
            Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

    private final ServeSettings settings;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final QueuedThreadPool threads = new QueuedThreadPool(THREADS, FIRST_THREADS);
    private final Optional<ApiKeys> keys;
    private final Champion champion;
    private final Scorer scorer;
    private final Optional<CorrectionStore> corrections;
    private final Optional<ReviewQueue> review;
    private final Exchange exchanges;
    private final Javalin javalin;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private Server(ServeSettings settings, ServiceLog log, Clock clock) {
        this.settings = settings;
        this.exchanges = new Exchange(log, meters);
        this.keys = settings.keys().map(file -> ApiKeys.open(file, clock, log::say));
        this.champion = Champion.open(StoredDirectory.of(settings.model(), settings.s3()), clock, log::say);
        this.scorer = new Scorer(champion, settings.scoring(), meters);
        this.corrections =
                settings.corrections().map(uri -> new CorrectionStore(StoredDirectory.of(uri, settings.s3()), clock));
        this.review = settings.review().map(uri -> ReviewQueue.open(StoredDirectory.of(uri, settings.s3()), log::say));
        new JvmMemoryMetrics().bindTo(meters);
        meters.gauge("aisle.model.refused", champion, of -> of.refused().isPresent() ? 1 : 0);
        this.javalin = Javalin.create(this::configure);
    }

    /**
     * Loads the model and takes requests.
     *
     * @throws UserException if the model, the keys or the port cannot be used
     */
    public static Server start(ServeSettings settings, ServiceLog log, Clock clock) {
        Server server = new Server(settings, log, clock);
        try {
            server.javalin.start(settings.host(), settings.port());
        } catch (RuntimeException e) {
            server.close();
            throw new UserException(
                    "Cannot listen at " + settings.host() + ":" + settings.port()
                            + ": found that it is taken, or not ours (" + e.getMessage()
                            + "), expected it to be free. Give another --port or --host.",
                    e);
        }
        Thread follower = new Thread(() -> server.follow(log), "aisle-follow");
        follower.setDaemon(true);
        follower.start();
        return server;
    }

    /** Looks for a new champion, a new run and corrections of other processes, until the service ends. */
    private void follow(ServiceLog log) {
        try {
            do {
                try {
                    champion.follow();
                    review.ifPresent(ReviewQueue::follow);
                    corrections.ifPresent(CorrectionStore::counts);
                } catch (Problem e) {
                    log.say(e.getMessage());
                } catch (RuntimeException e) {
                    // else nobody would look ever again
                    log.say("could not look for what is new: " + e);
                }
            } while (!stopping.await(settings.poll().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where it listens; another than that of the settings where that is 0. */
    public int port() {
        return javalin.port();
    }

    /** What can be asked for, as {@code GET /v1/model}. */
    Set<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .filter(route -> route.endpoint.method.isHttpMethod())
                .map(route -> route.endpoint.method.name() + " " + route.endpoint.path)
                .collect(Collectors.toSet());
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.asyncTimeout = 0;
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setIdleTimeout(TimeUnit.SECONDS.toMillis(30));
        });
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new ConnectorErrors(exchanges));
            server.setStopTimeout(settings.limits().timeout().toMillis());
            // a stop lets what is under way be answered
            server.setHandler(new GracefulHandler(new WithoutUpgrades()));
            server.addBean(new NetworkConnectionLimit(settings.limits().connections(), server));
        });
        // the page, and what it shares with the reports of the jobs
        for (String directory : List.of("/io/aisle/serving/page", "/io/aisle/core/look")) {
            config.staticFiles.add(files -> {
                files.directory = directory;
                files.location = Location.CLASSPATH;
                files.headers = Map.of("Cache-Control", "no-cache");
            });
        }
        exchanges.attach(config);
        routes(config);
    }

    private void routes(JavalinConfig config) {
        ServeSettings.Limits limits = settings.limits();
        BodyLimit bodies = new BodyLimit(limits.bodyBytes(), limits.bytesPerSecond());
        ClassifyEndpoint classify = new ClassifyEndpoint(scorer, bodies, threads);
        FileEndpoint files =
                new FileEndpoint(scorer, settings.limits(), settings.scoring().batchProducts());
        FeedbackEndpoint feedback =
                new FeedbackEndpoint(scorer, corrections, review, settings.allowsNewCategories(), bodies);
        config.routes.before(this::requireLoopbackHost);
        config.routes.post("/v1/classify", allowed(Scope.CLASSIFY, classify::classify));
        config.routes.post("/v1/classify/file", allowed(Scope.CLASSIFY, files::classify));
        config.routes.post("/v1/explain", allowed(Scope.CLASSIFY, classify::explain));
        get(config, "/v1/model", allowed(Optional.empty(), new ModelEndpoint(champion)::model));
        config.routes.post("/v1/feedback", allowed(Scope.FEEDBACK, feedback::correct));
        get(config, "/v1/feedback", allowed(Scope.FEEDBACK, feedback::counts));
        get(config, "/v1/review", allowed(Scope.FEEDBACK, feedback::review));
        get(config, "/health/live", exchange -> Exchange.answer(exchange, HttpStatus.OK_200, Map.of("status", "live")));
        // while the service stops, 503 is the answer to everything
        get(
                config,
                "/health/ready",
                exchange -> Exchange.answer(exchange, HttpStatus.OK_200, Map.of("status", "ready")));
        get(config, "/metrics", settings.hasOpenMetrics() ? this::metrics : allowed(Optional.empty(), this::metrics));
        get(config, "/openapi.yaml", Server::description);
    }

    /** A HEAD is answered as its GET, without the body; the framework alone would say that all is well. */
    private static void get(JavalinConfig config, String path, Handler handler) {
        config.routes.get(path, handler);
        config.routes.head(path, handler);
    }

    private Handler allowed(Scope scope, Handler handler) {
        return allowed(Optional.of(scope), handler);
    }

    private Handler allowed(Optional<Scope> scope, Handler handler) {
        return exchange -> {
            if (keys.isPresent()) {
                Exchange.isBy(exchange, keys.get().require(exchange.header("Authorization"), scope));
            }
            handler.handle(exchange);
        };
    }

    /** Where no key is asked for, a page of another site must not reach the service by a name that it made point here. */
    private void requireLoopbackHost(Context exchange) {
        String host = exchange.header("Host");
        if (settings.isDemo() && (host == null || !LOOPBACK_HOST.matcher(host).matches())) {
            throw Problem.of(
                    HttpStatus.MISDIRECTED_REQUEST_421,
                    "Cannot answer: found another host name than localhost, expected it in a demonstration.");
        }
    }

    private void metrics(Context exchange) {
        exchange.contentType("text/plain; version=0.0.4; charset=utf-8").result(meters.scrape());
    }

    private static void description(Context exchange) throws IOException {
        try (InputStream description = Server.class.getResourceAsStream("openapi.yaml")) {
            exchange.contentType("application/yaml")
                    .result(new String(description.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Answers what is under way, and ends. */
    @Override
    public void close() {
        stopping.countDown();
        javalin.stop();
        scorer.close();
        champion.close();
        review.ifPresent(ReviewQueue::close);
        meters.close();
    }
}
